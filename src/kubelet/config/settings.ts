/** How a value of the configuration is written. */
type Form = "text" | "number" | "boolean" | "duration" | "gates" | "map";

/** A setting of the kubelet that says something of checkpoints, or of how to reach the kubelet. */
export interface SettingSpec {
  /** Where it stands in the configuration file. */
  path: readonly string[];
  form: Form;
  /** The flag that means the same and wins over the file. */
  flag?: string;
  /** What the kubelet takes where nothing is said (SetDefaults_KubeletConfiguration). */
  fallback: unknown;
  /** What it takes without `--config` (applyLegacyDefaults): older and less safe. */
  legacy?: unknown;
  /** A relative path in the main file counts from that file's folder. */
  isPath?: boolean;
}

const spec = (
  path: string,
  form: Form,
  fallback: unknown,
  more: Omit<SettingSpec, "path" | "form" | "fallback"> = {},
): SettingSpec => ({ path: path.split("."), form, fallback, ...more });

/**
 * The settings that are read, with the kubelet's own defaults (kubelet 1.36, package
 * pkg/kubelet/apis/config/v1beta1 and cmd/kubelet/app/options).
 */
export const settingSpecs: readonly SettingSpec[] = [
  spec("enableServer", "boolean", true, { flag: "enable-server" }),
  spec("address", "text", "0.0.0.0", { flag: "address" }),
  spec("port", "number", 10250, { flag: "port" }),
  spec("readOnlyPort", "number", 0, { flag: "read-only-port", legacy: 10255 }),
  spec("authentication.anonymous.enabled", "boolean", false, {
    flag: "anonymous-auth",
    legacy: true,
  }),
  spec("authentication.webhook.enabled", "boolean", true, {
    flag: "authentication-token-webhook",
    legacy: false,
  }),
  spec("authentication.x509.clientCAFile", "text", "", { flag: "client-ca-file", isPath: true }),
  spec("authorization.mode", "text", "Webhook", {
    flag: "authorization-mode",
    legacy: "AlwaysAllow",
  }),
  spec("authorization.webhook.cacheAuthorizedTTL", "duration", "5m0s", {
    flag: "authorization-webhook-cache-authorized-ttl",
  }),
  spec("authorization.webhook.cacheUnauthorizedTTL", "duration", "30s", {
    flag: "authorization-webhook-cache-unauthorized-ttl",
  }),
  spec("tlsCertFile", "text", "", { flag: "tls-cert-file", isPath: true }),
  spec("tlsPrivateKeyFile", "text", "", { flag: "tls-private-key-file", isPath: true }),
  spec("rotateCertificates", "boolean", false, { flag: "rotate-certificates" }),
  spec("serverTLSBootstrap", "boolean", false, { flag: "rotate-server-certificates" }),
  spec("featureGates", "gates", {}, { flag: "feature-gates" }),
  spec("containerRuntimeEndpoint", "text", "unix:///run/containerd/containerd.sock", {
    flag: "container-runtime-endpoint",
  }),
  spec("runtimeRequestTimeout", "duration", "2m0s", { flag: "runtime-request-timeout" }),
  spec("seccompDefault", "boolean", false, { flag: "seccomp-default" }),
  spec("staticPodPath", "text", "", { flag: "pod-manifest-path", isPath: true }),
  spec("cgroupDriver", "text", "cgroupfs", { flag: "cgroup-driver" }),
  // Off before 1.35, on since.
  spec("failCgroupV1", "boolean", null, { flag: "fail-cgroupv1" }),
  spec(
    "evictionHard",
    "map",
    {
      "memory.available": "100Mi",
      "nodefs.available": "10%",
      "nodefs.inodesFree": "5%",
      "imagefs.available": "15%",
      "imagefs.inodesFree": "5%",
    },
    { flag: "eviction-hard" },
  ),
];

/** One effective setting. */
export interface Setting {
  /** As in the configuration file, with dots: `authentication.anonymous.enabled`. */
  name: string;
  value: unknown;
  /** A path, a flag with its hyphens, `default`, or `configz` where the kubelet itself said it. */
  origin: string;
}

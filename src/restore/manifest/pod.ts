/**
 * The parts of Kubernetes' Pod (API v1) that a manifest uses, by the names of that API. Quantities
 * are texts such as `250m` and `64Mi`.
 */
export interface Pod {
  apiVersion: "v1";
  kind: "Pod";
  metadata: { name: string; namespace: string };
  spec: PodSpec;
}

export interface PodSpec {
  nodeSelector?: Record<string, string>;
  affinity?: { nodeAffinity: NodeAffinity };
  hostname?: string;
  hostNetwork?: true;
  hostPID?: true;
  hostIPC?: true;
  hostUsers?: false;
  shareProcessNamespace?: true;
  automountServiceAccountToken?: boolean;
  terminationGracePeriodSeconds?: number;
  restartPolicy: "Never";
  securityContext?: { sysctls: { name: string; value: string }[] };
  containers: [Container];
  volumes?: Volume[];
}

interface NodeAffinity {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: { matchFields: { key: string; operator: "In"; values: string[] }[] }[];
  };
}

export interface Container {
  name: string;
  image: string;
  imagePullPolicy: "Never" | "IfNotPresent";
  workingDir?: string;
  tty?: true;
  stdin?: true;
  stdinOnce?: true;
  ports?: { containerPort: number; protocol: "TCP" | "UDP" | "SCTP" }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  securityContext?: SecurityContext;
  terminationMessagePath?: string;
  terminationMessagePolicy?: "File" | "FallbackToLogsOnError";
  volumeMounts?: VolumeMount[];
}

export interface SecurityContext {
  privileged?: true;
  capabilities?: { add?: string[]; drop?: string[] };
  runAsUser?: number;
  runAsGroup?: number;
  readOnlyRootFilesystem?: true;
  allowPrivilegeEscalation?: false;
  procMount?: "Unmasked";
  seccompProfile?: Profile;
  appArmorProfile?: Profile;
  seLinuxOptions?: { user?: string; role?: string; type?: string; level?: string };
}

export interface Profile {
  type: "RuntimeDefault" | "Unconfined" | "Localhost";
  localhostProfile?: string;
}

export interface VolumeMount {
  name: string;
  mountPath: string;
  readOnly?: true;
  recursiveReadOnly?: "Enabled";
  mountPropagation?: "HostToContainer" | "Bidirectional";
  subPath?: string;
}

/** A volume: its name and one source. */
export type Volume = { name: string } & VolumeSource;

export type VolumeSource =
  | { emptyDir: { medium?: "Memory" | "HugePages" } }
  | { hostPath: { path: string; type?: "Directory" | "File" | "Socket" | "CharDevice" } }
  | { configMap: { name: string } }
  | { secret: { secretName: string } }
  | { projected: { sources: { configMap: { name: string } }[] } }
  | { downwardAPI: Record<string, never> }
  | { persistentVolumeClaim: { claimName: string; readOnly?: true } }
  | { nfs: { server: string; path: string } };

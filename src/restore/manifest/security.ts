import type { Spec } from "../../checkpoint/needs/spec.ts";
import { textAt, valueAt } from "../../runtime/documents.ts";
import { capabilityChanges, type TargetRuntime } from "./capabilities.ts";
import type { PodFacts } from "./facts.ts";
import type { Profile, SecurityContext } from "./pod.ts";
import { container, type FieldPath, type Remarks } from "./remarks.ts";

const at: FieldPath = [...container, "securityContext"];

/** The container's security context; undefined where everything is as it is without one. */
export function securityContext(
  facts: PodFacts,
  runtime: TargetRuntime | undefined,
  remarks: Remarks,
): SecurityContext {
  const { spec, config } = facts;
  if (spec === undefined) return {};
  const context: SecurityContext = {};
  if (isPrivileged(spec) || valueAt(config, "privileged") === true) {
    context.privileged = true;
    remarks.decide(
      [...at, "privileged"],
      "The container had every device and capability: give it to nobody whose archive you do not trust.",
    );
  } else {
    const capabilities = capabilityChanges(spec, runtime);
    if (capabilities !== undefined) {
      context.capabilities = capabilities;
      const than = runtime === undefined ? "all dropped" : `the default of ${runtime}`;
      remarks.note(
        [...at, "capabilities"],
        `spec.dump /process/capabilities/bounding, against ${than}.`,
      );
    }
    addSeccomp(context, facts, spec, remarks);
    if (spec.noNewPrivileges && !allows(spec, "CAP_SYS_ADMIN")) {
      context.allowPrivilegeEscalation = false;
    }
    addProcMount(context, spec, remarks);
  }
  addUser(context, spec);
  if (valueAt(spec.document, "root", "readonly") === true) context.readOnlyRootFilesystem = true;
  addLsm(context, facts, spec, remarks);
  return context;
}

/** Runtimes take the fences away together, so one alone is somebody's wish. */
function isPrivileged(spec: Spec): boolean {
  return spec.allDevices && spec.maskedPaths.length === 0 && allows(spec, "CAP_SYS_ADMIN");
}

function allows({ capabilities }: Spec, name: string): boolean {
  return capabilities.get("bounding")?.includes(name) === true;
}

/** Largest id that Kubernetes takes. */
const mostId = 2 ** 31 - 1;

function addUser(context: SecurityContext, { document }: Spec): void {
  const id = (name: string): number | undefined => {
    const value = valueAt(document, "process", "user", name);
    const good = typeof value === "number" && Number.isInteger(value) && value >= 0;
    return good && value <= mostId ? value : undefined;
  };
  const uid = id("uid");
  const gid = id("gid");
  if (uid === undefined || (uid === 0 && (gid ?? 0) === 0)) return;
  context.runAsUser = uid;
  if (gid !== undefined) context.runAsGroup = gid;
}

function addSeccomp(
  context: SecurityContext,
  { annotations }: PodFacts,
  spec: Spec,
  remarks: Remarks,
): void {
  const field = [...at, "seccompProfile"];
  const told = annotations.get("io.kubernetes.cri-o.SeccompProfilePath");
  const profile = told === undefined ? undefined : namedProfile(told);
  if (profile !== undefined) {
    context.seccompProfile = profile;
    remarks.note(field, "spec.dump annotation io.kubernetes.cri-o.SeccompProfilePath.");
    if (profile.type === "Localhost") {
      remarks.decide(
        field,
        "This file has to be below the kubelet's seccomp folder on the node that restores.",
      );
    }
    return;
  }
  if (!spec.seccomp) {
    context.seccompProfile = { type: "Unconfined" };
    remarks.note(field, "spec.dump has no /linux/seccomp.");
    return;
  }
  if (looksLikeDefault(spec)) {
    context.seccompProfile = { type: "RuntimeDefault" };
    remarks.note(
      field,
      "spec.dump /linux/seccomp refuses by default and allows some hundred calls, as runtimes' own profiles do.",
    );
    return;
  }
  context.seccompProfile = { type: "Localhost", localhostProfile: "profiles/restored.json" };
  remarks.decide(
    field,
    "spec.dump /linux/seccomp is no runtime's default, and the archive does not name its file: write it there, below the kubelet's seccomp folder.",
  );
}

/** CRI-O's names: of Kubernetes' API, and before 1.23 those of the old annotations. */
function namedProfile(told: string): Profile | undefined {
  if (/^(?:RuntimeDefault|runtime\/default|docker\/default)$/.test(told)) {
    return { type: "RuntimeDefault" };
  }
  if (/^unconfined$/i.test(told)) return { type: "Unconfined" };
  const file = /^localhost\/+(.*)$/i.exec(told)?.[1];
  if (file === undefined) return undefined;
  // CRI-O is given the whole path, the API takes what is below the kubelet's folder.
  const localhostProfile = file.replace(/^.*\/seccomp\//, "").replace(/^\/+/, "");
  if (localhostProfile === "" || localhostProfile.split("/").includes("..")) return undefined;
  return { type: "Localhost", localhostProfile };
}

/** The defaults of containerd, CRI-O and Podman allow more than 300 calls by name. */
function looksLikeDefault({ document }: Spec): boolean {
  const action = textAt(document, "linux", "seccomp", "defaultAction");
  const lists = valueAt(document, "linux", "seccomp", "syscalls");
  if (action !== "SCMP_ACT_ERRNO" || !Array.isArray(lists)) return false;
  let allowed = 0;
  for (const list of lists as unknown[]) {
    const names = valueAt(list, "names");
    const allow = textAt(list, "action") === "SCMP_ACT_ALLOW";
    if (allow && Array.isArray(names)) allowed += names.length;
  }
  return allowed >= 250;
}

function addProcMount(context: SecurityContext, spec: Spec, remarks: Remarks): void {
  if (spec.maskedPaths.length > 0 || valueAt(spec.document, "linux") === undefined) return;
  if (spec.namespaces.has("user")) {
    context.procMount = "Unmasked";
    remarks.note([...at, "procMount"], "spec.dump masks no paths of /proc.");
    return;
  }
  remarks.decide(
    at,
    "procMount: spec.dump masks no paths of /proc, and Kubernetes allows that only with hostUsers: false.",
  );
}

function addLsm(
  context: SecurityContext,
  { engine }: PodFacts,
  { document }: Spec,
  remarks: Remarks,
): void {
  const label = textAt(document, "process", "selinuxLabel");
  const parts = /^([^:]+):([^:]+):([^:]+)(?::(.+))?$/.exec(label ?? "");
  if (parts !== null) {
    const [, user = "", role = "", type = "", level] = parts;
    context.seLinuxOptions = { user, role, type, ...(level === undefined ? {} : { level }) };
    remarks.note(
      [...at, "seLinuxOptions"],
      "spec.dump /process/selinuxLabel: processes come back with this label, so their files need its level.",
    );
  }
  const profile = textAt(document, "process", "apparmorProfile");
  if (profile === undefined) return;
  const field = [...at, "appArmorProfile"];
  if (profile === "unconfined") context.appArmorProfile = { type: "Unconfined" };
  else if (/^(?:cri-containerd\.apparmor\.d|crio-default.*|containers-default-.*)$/.test(profile)) {
    context.appArmorProfile = { type: "RuntimeDefault" };
  } else {
    context.appArmorProfile = { type: "Localhost", localhostProfile: profile.slice(0, 4095) };
    remarks.decide(field, "This profile has to be loaded on the node that restores.");
  }
  const by = engine === "podman" ? "Podman's" : "the runtime's";
  remarks.note(field, `spec.dump /process/apparmorProfile, which is ${by} ${profile}.`);
}

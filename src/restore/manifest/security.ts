import { valueAt } from "../../base/json-object.ts";
import type { Spec } from "../../checkpoint/needs/spec.ts";
import { textAt } from "../../runtime/documents.ts";
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
  if (isPrivileged(facts, spec) || valueAt(config, "privileged") === true) {
    context.privileged = true;
    remarks.decide(
      [...at, "privileged"],
      "The container had every device and capability: give it to nobody whose archive you do not trust.",
    );
  } else {
    const capabilities = capabilityChanges(spec, runtime);
    if (capabilities !== undefined) {
      context.capabilities = capabilities;
      remarks.note(
        [...at, "capabilities"],
        runtime === undefined
          ? "spec.dump /process/capabilities/bounding: these and no others."
          : `spec.dump /process/capabilities/bounding, compared with what ${runtime} gives by default.`,
      );
    }
    addSeccomp(context, facts, spec, remarks);
    if (spec.noNewPrivileges && !allows(spec, "CAP_SYS_ADMIN")) {
      context.allowPrivilegeEscalation = false;
    }
    addProcMount(context, spec, remarks);
  }
  addUser(context, facts);
  if (facts.needs.security.readOnlyRoot.value === true) context.readOnlyRootFilesystem = true;
  addLsm(context, facts, remarks);
  return context;
}

/** Runtimes take the fences away together, so one alone is somebody's wish. */
function isPrivileged({ needs }: PodFacts, spec: Spec): boolean {
  return needs.security.privileged.value === true && allows(spec, "CAP_SYS_ADMIN");
}

function allows({ capabilities }: Spec, name: string): boolean {
  return capabilities.get("bounding")?.includes(name) === true;
}

/** Largest id that Kubernetes takes. */
const mostId = 2 ** 31 - 1;

function addUser(context: SecurityContext, { needs }: PodFacts): void {
  const { value } = needs.security.user;
  if (value === null || (value.uid === 0 && value.gid === 0)) return;
  if (isId(value.uid)) context.runAsUser = value.uid;
  if (isId(value.gid)) context.runAsGroup = value.gid;
}

function isId(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= mostId;
}

function addSeccomp(
  context: SecurityContext,
  { needs }: PodFacts,
  spec: Spec,
  remarks: Remarks,
): void {
  const field = [...at, "seccompProfile"];
  const { asked } = needs.security.seccomp;
  const profile = asked.value === null ? undefined : namedProfile(asked.value);
  if (profile !== undefined) {
    context.seccompProfile = profile;
    remarks.note(field, `${asked.evidence}.`);
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

function addLsm(context: SecurityContext, { needs }: PodFacts, remarks: Remarks): void {
  const { selinuxLabel, apparmorProfile } = needs.security;
  const parts = /^([^:]+):([^:]+):([^:]+)(?::(.+))?$/.exec(selinuxLabel.value ?? "");
  if (parts !== null) {
    const [, user = "", role = "", type = "", level] = parts;
    context.seLinuxOptions = { user, role, type, ...(level === undefined ? {} : { level }) };
    remarks.note(
      [...at, "seLinuxOptions"],
      `${selinuxLabel.evidence}: processes come back with this label, so their files need its level.`,
    );
  }
  const profile = apparmorProfile.value?.trim();
  if (profile === undefined || profile === "") return;
  const field = [...at, "appArmorProfile"];
  remarks.note(field, `${apparmorProfile.evidence}: ${profile}.`);
  if (profile === "unconfined") context.appArmorProfile = { type: "Unconfined" };
  else if (runtimeProfile.test(profile)) context.appArmorProfile = { type: "RuntimeDefault" };
  else {
    context.appArmorProfile = { type: "Localhost", localhostProfile: profile.slice(0, 4095) };
    remarks.decide(field, "This profile has to be loaded on the node that restores.");
  }
}

/** AppArmor profiles that containerd, CRI-O and Podman load by themselves. */
const runtimeProfile = /^(?:cri-containerd\.apparmor\.d|crio-default.*|containers-default-.*)$/;

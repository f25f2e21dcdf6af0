import { valueAt } from "../../base/json-object.ts";
import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readSpec, type Spec } from "../../checkpoint/needs/spec.ts";
import { readTasks, type Task } from "../../checkpoint/needs/tasks.ts";
import { type Fact, known, unknown } from "../../node/facts.ts";
import { textAt, textsAt } from "../../runtime/documents.ts";
import { fact, imageLabel } from "./evidence.ts";

/** Whose rights the container had, and what held it back. */
export interface SecurityNeeds {
  /** The security module that was active: `selinux`, `apparmor` or `none`. */
  module: Fact<"selinux" | "apparmor" | "none">;
  /** AppArmor profiles or SELinux labels of processes, each once; without `unconfined`. */
  profiles: Fact<string[]>;
  /** Profile or label of the specification, and the label of its mounts. */
  apparmorProfile: Fact<string>;
  selinuxLabel: Fact<string>;
  mountLabel: Fact<string>;
  seccomp: SeccompNeeds;
  /** Sets of the specification by name (`bounding`, …), and what processes really had. */
  capabilities: Fact<Record<string, string[]>>;
  effectiveCapabilities: Fact<string[]>;
  user: Fact<{ uid: number; gid: number; groups: number[] }>;
  /** Effective user ids of all processes. */
  uids: Fact<number[]>;
  noNewPrivileges: Fact<boolean>;
  readOnlyRoot: Fact<boolean>;
  /** May it open every device, and see all of /proc and /sys? */
  privileged: Fact<boolean>;
  /** Mappings of a user namespace of its own; empty without one. */
  idMappings: { kind: "uid" | "gid"; inside: number; outside: number; size: number }[];
  /** Kernel settings of its namespaces that it was started with. */
  sysctls: { name: string; value: string; evidence: string }[];
}

interface SeccompNeeds {
  /** What processes were under: `filter`, `strict` or `disabled`. */
  mode: Fact<string>;
  /** Filters in the dump, which CRIU installs by itself. */
  filters: number;
  /** Was there a profile in the specification? */
  profile: Fact<boolean>;
  /** How the pod asked for it: `RuntimeDefault`, `Unconfined`, `localhost/PATH`. */
  asked: Fact<string>;
}

const modules: Readonly<Record<string, "selinux" | "apparmor" | "none">> = {
  NO_LSM: "none",
  SELINUX: "selinux",
  APPARMOR: "apparmor",
};
const noSpec = "the archive has no spec.dump";

export async function securityNeeds(asked: Asked): Promise<SecurityNeeds> {
  const { checkpoint } = asked;
  const inventory = await checkpoint.inventory();
  const spec = await readSpec(asked);
  const tasks = (await readTasks(asked)).filter(({ known: told }) => told);
  const cores = imageLabel(checkpoint, "core-*.img");
  const label = imageLabel(checkpoint, "inventory.img");
  return {
    module: fact(modules[inventory?.lsm ?? ""], label, `${label} names none`),
    profiles: told(tasks, cores, () => profilesOf(tasks)),
    apparmorProfile: textFact(spec, "process", "apparmorProfile"),
    selinuxLabel: textFact(spec, "process", "selinuxLabel"),
    mountLabel: textFact(spec, "linux", "mountLabel"),
    seccomp: seccomp(spec, tasks, cores),
    capabilities: ofSpec(spec, "/process/capabilities", ({ capabilities }) =>
      Object.fromEntries([...capabilities].map(([name, set]) => [name, [...set]])),
    ),
    effectiveCapabilities: told(tasks, cores, () => effective(tasks)),
    user: user(spec, tasks, cores),
    uids: told(tasks, cores, () => uidsOf(tasks)),
    noNewPrivileges: ofSpec(spec, "/process/noNewPrivileges", (it) => it.noNewPrivileges),
    readOnlyRoot: ofSpec(
      spec,
      "/root/readonly",
      ({ document }) => valueAt(document, "root", "readonly") === true,
    ),
    privileged: ofSpec(
      spec,
      "/linux/resources/devices",
      ({ allDevices, maskedPaths }) => allDevices && maskedPaths.length === 0,
    ),
    idMappings: [...mappings(spec, "uid"), ...mappings(spec, "gid")],
    sysctls: [...textsAt(spec?.document, "linux", "sysctl")].map(([name, value]) => ({
      name,
      value,
      evidence: `spec.dump /linux/sysctl/${name}`,
    })),
  };
}

function ofSpec<T>(spec: Spec | undefined, pointer: string, read: (spec: Spec) => T): Fact<T> {
  return spec === undefined ? unknown(noSpec) : known(read(spec), `spec.dump ${pointer}`);
}

function textFact(spec: Spec | undefined, ...path: string[]): Fact<string> {
  if (spec === undefined) return unknown(noSpec);
  return fact(textAt(spec.document, ...path), `spec.dump /${path.join("/")}`, "spec.dump has none");
}

function told<T>(tasks: readonly Task[], evidence: string, read: () => T): Fact<T> {
  return tasks.length === 0 ? unknown("no core image can be read") : known(read(), evidence);
}

function profilesOf(tasks: readonly Task[]): string[] {
  const profiles = tasks.map(({ credentials }) => credentials?.lsmProfile ?? "");
  return [...new Set(profiles)].filter((profile) => profile !== "" && profile !== "unconfined");
}

function effective(tasks: readonly Task[]): string[] {
  return [...new Set(tasks.flatMap((it) => it.credentials?.capabilities.effective ?? []))].sort();
}

function uidsOf(tasks: readonly Task[]): number[] {
  const uids = tasks.flatMap(({ credentials }) => credentials?.uid.effective ?? []);
  return [...new Set(uids)].sort((a, b) => a - b);
}

function seccomp(spec: Spec | undefined, tasks: readonly Task[], cores: string): SeccompNeeds {
  const filters = new Set<number>();
  let mode = "disabled";
  for (const { seccomp: own } of tasks) {
    for (const { index } of own?.filters ?? []) filters.add(index);
    if (own !== null && own.mode !== "disabled") mode = own.mode;
  }
  // CRI-O alone notes what the pod asked for.
  const annotation = "io.kubernetes.cri-o.SeccompProfilePath";
  const named = textsAt(spec?.document, "annotations").get(annotation);
  return {
    mode: told(tasks, cores, () => mode),
    filters: filters.size,
    profile: ofSpec(spec, "/linux/seccomp", (it) => it.seccomp),
    asked: fact(
      named === "" ? undefined : named,
      `spec.dump /annotations/${annotation}`,
      "the archive has the filters, and no name of a profile",
    ),
  };
}

function user(
  spec: Spec | undefined,
  tasks: readonly Task[],
  cores: string,
): SecurityNeeds["user"] {
  const number = (name: string): number | undefined => {
    const value = valueAt(spec?.document, "process", "user", name);
    return typeof value === "number" ? value : undefined;
  };
  const uid = number("uid");
  const groups = valueAt(spec?.document, "process", "user", "additionalGids");
  if (uid !== undefined) {
    const others = Array.isArray(groups) ? groups.filter((id) => typeof id === "number") : [];
    return known({ uid, gid: number("gid") ?? 0, groups: others }, "spec.dump /process/user");
  }
  const credentials = tasks[0]?.credentials;
  if (credentials == null) return unknown("no core image can be read");
  return known(
    { uid: credentials.uid.real, gid: credentials.gid.real, groups: credentials.groups },
    cores,
  );
}

function mappings(spec: Spec | undefined, kind: "uid" | "gid"): SecurityNeeds["idMappings"] {
  const list = valueAt(spec?.document, "linux", `${kind}Mappings`);
  return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry) => {
    const [inside, outside, size] = ["containerID", "hostID", "size"].map((name) =>
      valueAt(entry, name),
    );
    return typeof inside === "number" && typeof outside === "number" && typeof size === "number"
      ? [{ kind, inside, outside, size }]
      : [];
  });
}

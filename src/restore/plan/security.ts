import { join } from "node:path/posix";
import {
  cannotTell,
  isPod,
  needsOf,
  no,
  noTarget,
  type PlanRow,
  type PlanSubject,
  some,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("security", sources.criu);

/** Security module, seccomp, rights, namespaces and control groups. */
export function securityRows(subject: PlanSubject): PlanRow[] {
  return [
    moduleRow(subject),
    seccompRow(subject),
    profileRow(subject),
    rightsRow(subject),
    userNamespaceRow(subject),
    pidsRow(subject),
    namespacesRow(subject),
    sysctlRow(subject),
    cgroupRow(subject),
  ].filter((row) => row !== undefined);
}

function moduleRow({ needs, target }: PlanSubject): PlanRow | undefined {
  const { module: lsm, profiles } = needs.security;
  if (lsm.value === null || lsm.value === "none") return undefined;
  const labels = profiles.value ?? [];
  const name = lsm.value === "selinux" ? "SELinux" : "AppArmor";
  const wanted = need("security-module", `${name} is active`, some([name, ...labels], 4), {
    evidence: labels.length === 0 ? lsm.evidence : profiles.evidence,
    // Without labels CRIU sets none.
    required: labels.length > 0,
    source: "CRIU: lsm.c (LSM specified but … not supported by kernel)",
  });
  if (target === undefined) return cannotTell(wanted, noTarget);
  const { selinux, apparmor } = target.machine;
  const remedy = `restore on a node with ${name} and the same profiles`;
  if (lsm.value === "selinux") {
    if (selinux.value === null) return cannotTell(wanted, selinux.evidence);
    return selinux.value === "disabled"
      ? no(wanted, "disabled", remedy)
      : yes(wanted, selinux.value);
  }
  if (apparmor.value === null) return cannotTell(wanted, apparmor.evidence);
  if (!apparmor.value) return no(wanted, "off", remedy);
  // The runtimes load their own profiles where they are missing.
  const others = labels.filter(
    (label) => !/^(?:cri-containerd|crio-default|containers-default)/.test(label),
  );
  if (others.length === 0) return yes(wanted, "on; the runtime loads its profile itself");
  return cannotTell(
    wanted,
    `it is on; whether ${some(others)} is loaded shows in the kernel's list`,
    "aa-status on the node tells; apparmor_parser loads a profile",
  );
}

function seccompRow({ needs, target }: PlanSubject): PlanRow | undefined {
  const { mode, filters } = needs.security.seccomp;
  if (mode.value === null || mode.value === "disabled") return undefined;
  const wanted = need("seccomp", "the kernel takes the filters of the dump", "SECCOMP_FILTER", {
    topic: "kernel",
    evidence: mode.evidence,
    source: "CRIU: seccomp.c",
  });
  if (target === undefined) return cannotTell(wanted, noTarget);
  const { value, evidence } = target.machine.seccompFilter;
  if (value === null) return cannotTell(wanted, evidence);
  return value
    ? yes(wanted, `${filters} to install (${evidence})`)
    : no(wanted, evidence, "a kernel with CONFIG_SECCOMP_FILTER (distributions' kernels have it)");
}

/** A profile of a file, which the kubelet looks for below its own folder. */
function profileRow(subject: PlanSubject): PlanRow | undefined {
  const { asked } = subject.needs.security.seccomp;
  const path = /^localhost\/(.+)$/.exec(asked.value ?? "")?.[1];
  if (path === undefined || !isPod(subject)) return undefined;
  const folder = subject.target?.kubelet?.effective?.rootDir ?? "/var/lib/kubelet";
  // CRI-O notes the path whole, the pod below the kubelet's folder.
  const file = path.startsWith("/") ? path : join(folder, "seccomp", path);
  const wanted = need("seccomp-profile", "the pod's seccomp profile is on the node", file, {
    evidence: asked.evidence,
    source: "kubernetes.io/docs/tutorials/security/seccomp",
  });
  const there = subject.look?.(file);
  if (there === undefined) {
    return cannotTell(wanted, subject.target === undefined ? noTarget : "the API does not tell");
  }
  if (there) return yes(wanted, "it is there");
  return no(wanted, "not there", `bring ${file} from the node of the dump`);
}

/** Rights come back from the images, as far as the new container may have them. */
function rightsRow(subject: PlanSubject): PlanRow | undefined {
  const { user, privileged, noNewPrivileges, effectiveCapabilities } = subject.needs.security;
  const capabilities = effectiveCapabilities.value ?? [];
  if (user.value === null && capabilities.length === 0) return undefined;
  const words = [
    user.value === null ? "" : `uid ${user.value.uid}, gid ${user.value.gid}`,
    privileged.value === true ? "privileged" : `${capabilities.length} capabilities`,
    noNewPrivileges.value === true ? "no new privileges" : "",
  ].filter((word) => word !== "");
  const wanted = need("rights", "the new container has the rights of the old", words.join(", "), {
    evidence: user.evidence,
    required: false,
    source: "CRIU: pie/restorer.c (restore_creds)",
  });
  const how = isPod(subject)
    ? "the pod that restores asks for them"
    : subject.runtime === "podman"
      ? undefined
      : "the bundle's config.json asks for them";
  if (how === undefined) return yes(wanted, "Podman takes them from the archive");
  if (isPod(subject))
    return cannotTell(wanted, how, "securityContext, as restore manifest writes it");
  return yes(wanted, how);
}

function userNamespaceRow({ needs, target }: PlanSubject): PlanRow | undefined {
  const { idMappings } = needs.security;
  if (idMappings.length === 0) return undefined;
  const wanted = need(
    "user-namespace",
    "containers can have a user namespace",
    "hostUsers: false",
    {
      evidence: "spec.dump /linux/uidMappings",
      source: "kubernetes.io/docs/concepts/workloads/pods/user-namespaces",
    },
  );
  return cannotTell(
    wanted,
    target === undefined ? noTarget : "whether the ids are mapped alike shows only on restore",
    "the same mapping of ids, or CRIU cannot set owners",
  );
}

/** CRIU gives each process its old pid. */
function pidsRow(subject: PlanSubject): PlanRow | undefined {
  const pid = subject.needs.namespaces.find(({ type }) => type === "pid");
  if (pid === undefined) return undefined;
  const wanted = need("pids", "the old pids are free", "a pid namespace of its own", {
    topic: "runtime",
    evidence: pid.evidence,
    source: "criu#2383",
  });
  if (pid.from === "own") return yes(wanted, "it has one");
  const whose = pid.from === "host" ? "the node's" : "its pod's";
  return cannotTell(
    wanted,
    `it used ${whose}, where others may have them`,
    pid.from === "host"
      ? "do without hostPID, and checkpoint again"
      : "restore it first in a pod where nothing else runs",
  );
}

/** Namespaces of the node, which the new container has to be given again. */
function namespacesRow(subject: PlanSubject): PlanRow | undefined {
  const fields: Readonly<Record<string, string>> = {
    network: "hostNetwork",
    ipc: "hostIPC",
    pid: "hostPID",
  };
  const host = subject.needs.namespaces.filter(({ type, from }) => from === "host" && fields[type]);
  const [first] = host;
  if (first === undefined || !isPod(subject)) return undefined;
  const needed = host.map(({ type }) => `${fields[type]}: true`).join(", ");
  const wanted = need("host-namespaces", "the pod uses the node's namespaces again", needed, {
    evidence: first.evidence,
    required: false,
    source: "CRIU: namespaces.c",
  });
  return cannotTell(wanted, "the pod that restores says so", "restore manifest writes it");
}

function sysctlRow(subject: PlanSubject): PlanRow | undefined {
  const [first, ...others] = subject.needs.security.sysctls;
  if (first === undefined) return undefined;
  const names = some([first, ...others].map(({ name, value }) => `${name}=${value}`));
  const wanted = need("sysctls", "settings of the kernel are as they were", names, {
    topic: "kernel",
    evidence: first.evidence,
    required: false,
    source: "runtime-spec, config-linux.md",
  });
  if (subject.runtime === "podman") return yes(wanted, "Podman takes them from the archive");
  if (!isPod(subject)) return yes(wanted, "the bundle's config.json asks for them");
  return cannotTell(
    wanted,
    "the pod that restores says so",
    "sysctls of the pod's securityContext",
  );
}

/** Mounts of control groups and paths are those of one version. */
function cgroupRow({ needs, target }: PlanSubject): PlanRow | undefined {
  const { value, evidence } = needs.cgroups.version;
  if (value === null) return undefined;
  const wanted = need("cgroups", "control groups are of the same version", value, {
    topic: "kernel",
    evidence,
    source: "CRIU: cgroup.c; crio#6894",
  });
  const found = target?.machine.cgroup;
  if (found === undefined || found.value === null) {
    return cannotTell(
      wanted,
      found?.evidence ?? noTarget,
      "stat -fc %T /sys/fs/cgroup on the node tells: cgroup2fs is v2",
    );
  }
  if ((found.value === "v2") === (value === "v2")) return yes(wanted, found.value);
  return no(wanted, found.value, `restore on a node with cgroup ${value}`);
}

import type { NodeFacts } from "../facts.ts";
import { criuOptions } from "../kernel-options.ts";
import { atLeast } from "../version.ts";
import { cannotTell, type Need, no, type Purpose, sources, type Verdict, yes } from "./row.ts";

const all: Purpose[] = ["checkpoint", "restore", "podman"];
const otherKernel = "a kernel that is built with them (distributions' kernels are)";

const need = (id: string, what: string, needed: string, more: Partial<Need> = {}): Need => ({
  id,
  topic: "kernel",
  what,
  needed,
  source: sources.criuKernel,
  purposes: all,
  required: true,
  ...more,
});

/** Architectures that CRIU is built for. */
const architectures = ["amd64", "arm64", "arm", "ppc64le", "s390x", "loong64", "riscv64"];

/** The kernel's part. What a kernel shows of itself counts more than its version. */
export function kernelVerdicts(facts: NodeFacts): Verdict[] {
  const rows = [architectureRow(facts)];
  if (facts.source === "api") return [...rows, ...versionRows(facts)];
  return [
    ...rows,
    builtRow(facts),
    ...optionalRows(facts),
    freezerRow(facts),
    cgroupRow(facts),
    seccompRow(facts),
    ...securityRows(facts),
    networkLockRow(facts),
    pressureRow(facts),
    ...versionRows(facts),
  ];
}

function architectureRow({ machine }: NodeFacts): Verdict {
  const wanted = need("architecture", "CRIU knows the processor", architectures.join(", "), {
    source: sources.criu,
  });
  const { value, evidence } = machine.architecture;
  if (value === null) return cannotTell(wanted, evidence);
  return architectures.includes(value)
    ? yes(wanted, value)
    : no(wanted, value, "there is no CRIU for it");
}

function builtRow({ machine }: NodeFacts): Verdict {
  const required = Object.keys(criuOptions).filter((name) => criuOptions[name]?.required === true);
  const wanted = need("kernel-options", "the kernel is built for CRIU", required.join(", "));
  const { value, evidence } = machine.kernelOptions;
  if (value !== null) {
    const missing = required.filter((name) => value[name] === "n");
    return missing.length === 0
      ? yes(wanted, `all set (${evidence})`)
      : no(wanted, `without ${missing.join(", ")} (${evidence})`, otherKernel);
  }
  // These two files are there only with CHECKPOINT_RESTORE.
  const probes = ["nsLastPid", "timers"].map((name) => machine.probes[name]);
  if (probes.some((probe) => probe?.value === false)) {
    const gone = probes.find((probe) => probe?.value === false)?.evidence ?? "";
    return no(wanted, `without CHECKPOINT_RESTORE (${gone})`, otherKernel);
  }
  if (probes.every((probe) => probe?.value === true)) {
    return cannotTell(
      wanted,
      `CHECKPOINT_RESTORE is there (${probes[0]?.evidence}); of the others ${evidence} tells nothing`,
      "criu check as root tells",
    );
  }
  return cannotTell(wanted, evidence);
}

function optionalRows({ machine }: NodeFacts): Verdict[] {
  const { value, evidence } = machine.kernelOptions;
  if (value === null) return [];
  return Object.entries(criuOptions)
    .filter(([name, { required }]) => !required && value[name] === "n")
    .map(([name, { purpose }]) =>
      no(
        need(`kernel-${name.toLowerCase().replaceAll("_", "-")}`, purpose, name, {
          required: false,
        }),
        `not set (${evidence})`,
        `a kernel with CONFIG_${name}, where that is wanted`,
      ),
    );
}

function freezerRow({ machine }: NodeFacts): Verdict {
  const wanted = need(
    "freezer",
    "containers can be frozen",
    "a cgroup freezer (version 2: kernel 5.2)",
    {
      source: sources.kernelPage,
    },
  );
  const { value, evidence } = machine.freezer;
  if (value === null) return cannotTell(wanted, evidence);
  if (!value)
    return no(wanted, evidence, "mount the freezer, or a kernel from 5.2 on with version 2");
  const kernel = machine.kernel.value;
  const isOld = machine.cgroup.value === "v2" && kernel !== null && atLeast(kernel, 5, 2) === false;
  return yes(
    wanted,
    isOld ? `reported older (${kernel}), feature present (${evidence})` : evidence,
  );
}

function cgroupRow({ machine, kubelet }: NodeFacts): Verdict {
  const refuses = kubelet?.effective?.settings.some(
    ({ name, value }) => name === "failCgroupV1" && value === true,
  );
  const wanted = need("cgroup", "control groups are of version 2", "v2", {
    required: false,
    source: sources.kernelPage,
    purposes: ["checkpoint", "restore"],
  });
  const { value, evidence } = machine.cgroup;
  if (value === null) return cannotTell(wanted, evidence);
  if (value === "v2") return yes(wanted, evidence);
  const remedy =
    "boot with systemd.unified_cgroup_hierarchy=1: with v1 freezing can time out (runc#4486)";
  return no(wanted, refuses === true ? `${value}, and failCgroupV1 is set` : value, remedy);
}

function seccompRow({ machine }: NodeFacts): Verdict {
  const wanted = need("seccomp", "seccomp filters can be suspended", "SECCOMP_FILTER", {
    source: sources.criu,
    required: false,
  });
  const { value, evidence } = machine.seccompFilter;
  if (value === null) return cannotTell(wanted, evidence);
  return value ? yes(wanted, evidence) : no(wanted, evidence, otherKernel);
}

function securityRows({ machine }: NodeFacts): Verdict[] {
  const rows: Verdict[] = [];
  const more = { required: false, source: sources.criu };
  const selinux = need(
    "selinux",
    "SELinux lets CRIU work",
    "a policy for containers, CRIU with SELinux",
    more,
  );
  if (machine.selinux.value === "enforcing") {
    rows.push(
      cannotTell(
        selinux,
        "it is enforcing; whether its policy lets CRIU work shows only when it does",
        "install container-selinux; after a refusal look for avc in the audit log (criu#2392)",
      ),
    );
  } else if (machine.selinux.value === null) {
    rows.push(cannotTell(selinux, machine.selinux.evidence));
  } else rows.push(yes(selinux, machine.selinux.value));
  const apparmor = need(
    "apparmor",
    "AppArmor profiles come back",
    "the same profiles at restore",
    more,
  );
  if (machine.apparmor.value === true) {
    rows.push(
      cannotTell(apparmor, "it is on; a restore needs the profile that the container had", null),
    );
  }
  return rows;
}

function networkLockRow({ tools }: NodeFacts): Verdict {
  const wanted = need(
    "network-lock",
    "the network can be locked during a dump",
    "iptables-restore or nft",
    {
      required: false,
      source: sources.criu,
    },
  );
  const found = tools.filter(
    ({ name, path }) => (name === "iptables-restore" || name === "nft") && path !== null,
  );
  if (found.length === 0) return no(wanted, "neither", "install iptables or nftables");
  return yes(wanted, found.map(({ name }) => name).join(", "));
}

function pressureRow({ machine }: NodeFacts): Verdict {
  const wanted = need(
    "kernel-psi",
    "the kernel tells of pressure (PSI)",
    "4.20, CONFIG_PSI, psi=1",
    {
      required: false,
      source: sources.kernelPage,
      purposes: [],
    },
  );
  const { value, evidence } = machine.probes["pressure"] ?? unknownProbe;
  if (value === null) return cannotTell(wanted, evidence);
  return value
    ? yes(wanted, evidence)
    : no(wanted, evidence, "boot with psi=1, where it is built in");
}

const unknownProbe = { value: null, evidence: "it was not looked for" };

/** Features of the kernel-requirements page, with the version that brought them. */
const features: readonly [id: string, what: string, least: readonly [number, number]][] = [
  ["pod-sysctls", "the safe sysctls of pods", [4, 15]],
  ["rro-mounts", "recursive read-only mounts (mount_setattr)", [5, 12]],
  ["rseq", "programs of glibc 2.35 can be dumped (get_rseq_conf)", [5, 13]],
  ["kube-proxy-nftables", "kube-proxy's nftables mode", [5, 13]],
  ["tmpfs-noswap", "tmpfs without swap", [6, 3]],
  ["user-namespaces", "user namespaces of pods", [6, 5]],
];

/** By version alone: nothing shows these without using them, and distributions carry some back. */
function versionRows({ machine }: NodeFacts): Verdict[] {
  const kernel = machine.kernel.value;
  return features.map(([id, what, least]) => {
    const dumps = id === "rseq";
    const wanted = need(`kernel-${id}`, what, `${least.join(".")} or newer`, {
      required: false,
      source: dumps ? sources.criu : sources.kernelPage,
      purposes: dumps ? ["checkpoint", "podman"] : [],
    });
    const enough = kernel === null ? undefined : atLeast(kernel, ...least);
    if (kernel === null || enough === undefined) return cannotTell(wanted, machine.kernel.evidence);
    if (enough) return yes(wanted, kernel);
    return cannotTell(wanted, `${kernel} is older; a distribution may have carried it back`);
  });
}

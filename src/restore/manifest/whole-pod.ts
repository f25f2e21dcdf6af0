import { valueAt } from "../../base/json-object.ts";
import { textAt } from "../../runtime/documents.ts";
import type { TargetRuntime } from "./capabilities.ts";
import type { PodFacts } from "./facts.ts";
import { isLabel } from "./names.ts";
import type { PodSpec } from "./pod.ts";
import type { Remarks } from "./remarks.ts";

/** Where it may run. */
export function placement(
  { needs }: PodFacts,
  node: string | undefined,
  remarks: Remarks,
): Pick<PodSpec, "nodeSelector" | "affinity"> {
  const { value, evidence } = needs.machine.architecture;
  const nodeSelector: Record<string, string> = { "kubernetes.io/os": "linux" };
  const at = ["spec", "nodeSelector"];
  if (value === null || !isLabel(value)) {
    remarks.decide(at, "The archive does not tell the processor: add kubernetes.io/arch.");
  } else {
    nodeSelector["kubernetes.io/arch"] = value;
    remarks.note(
      at,
      `${evidence}. Which features of the processor it needs is for \`cryoscope restore plan --node\` to say.`,
    );
  }
  if (node === undefined) {
    remarks.decide(
      at,
      "Which node: give --node, or be sure that every node that this fits can restore it and has the image.",
    );
    return { nodeSelector };
  }
  const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [node] }];
  return {
    nodeSelector,
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
      },
    },
  };
}

/** The name that processes saw, where another pod's name would be another one. */
export function hostName(
  facts: PodFacts,
  { name, hostNetwork }: { name: string; hostNetwork: boolean },
  remarks: Remarks,
): Pick<PodSpec, "hostname"> {
  const { spec, identity } = facts;
  const variables = valueAt(spec?.document, "process", "env");
  const entries = Array.isArray(variables) ? (variables as unknown[]) : [];
  const variable = entries.findLast(
    (entry): entry is string => typeof entry === "string" && entry.startsWith("HOSTNAME="),
  );
  const had = textAt(spec?.document, "hostname") ?? variable?.slice("HOSTNAME=".length);
  if (had === undefined || hostNetwork) return {};
  // A kubelet gives the pod's own name, cut.
  const own = identity.pod !== undefined && identity.pod.slice(0, 63) === had;
  if (!own && identity.pod !== undefined && !facts.tellsNetwork) {
    remarks.decide(
      ["spec"],
      `hostNetwork: the container's host name was ${had} and not the pod's name, so the pod either had a hostname of its own or hostNetwork: true, which its archive does not tell.`,
    );
  }
  if (had === name || !isLabel(had)) return {};
  remarks.note(["spec", "hostname"], "The name that the processes had until now.");
  return { hostname: had };
}

/** Settings of the kernel that a namespace has of its own and the kubelet takes without more ado. */
const safeSysctls: ReadonlySet<string> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
]);

export function sysctls(
  { needs }: PodFacts,
  shared: Pick<PodSpec, "hostNetwork" | "hostIPC">,
  remarks: Remarks,
): Pick<PodSpec, "securityContext"> {
  const found: { name: string; value: string }[] = [];
  for (const { name, value } of needs.security.sysctls) {
    if (!/^[a-z0-9_.-]{1,253}$/.test(name)) continue;
    const ofNode = name.startsWith("net.") ? shared.hostNetwork : shared.hostIPC;
    // Those of the node are the node's business, and Kubernetes refuses them.
    if (ofNode !== true) found.push({ name, value });
  }
  if (found.length === 0) return {};
  const at = ["spec", "securityContext", "sysctls"];
  remarks.note(at, "spec.dump /linux/sysctl.");
  const unsafe = found.filter(({ name }) => !safeSysctls.has(name));
  if (unsafe.length > 0) {
    remarks.decide(
      at,
      `The kubelet has to allow ${unsafe.map(({ name }) => name).join(", ")} (--allowed-unsafe-sysctls).`,
    );
  }
  return { securityContext: { sysctls: found } };
}

/** Seconds between being asked to end and being killed. */
export function grace({
  annotations,
  config,
}: PodFacts): Pick<PodSpec, "terminationGracePeriodSeconds"> {
  const told = annotations.get("io.kubernetes.pod.terminationGracePeriod");
  const seconds = told === undefined ? valueAt(config, "stopTimeout") : Number(told);
  const good = typeof seconds === "number" && Number.isInteger(seconds) && seconds >= 0;
  // Kubernetes' own default says nothing.
  if (!good || seconds > 2 ** 31 || seconds === 30) return {};
  return { terminationGracePeriodSeconds: seconds };
}

/** What the runtime that restores insists on, beyond the pod. */
export function runtimeNeeds(
  facts: PodFacts,
  runtime: TargetRuntime | undefined,
  remarks: Remarks,
): void {
  const { engine, identity, annotations, config } = facts;
  if (runtime !== "containerd") {
    const told = annotations.get("io.kubernetes.cri-o.Annotations");
    if (told === undefined) {
      remarks.decide(
        [],
        `CRI-O restores only what CRI-O made: spec.dump lacks the annotation io.kubernetes.cri-o.Annotations, and the restore ends with "failed to read". ${elsewhere(engine)}`,
      );
    }
  }
  if (runtime !== "cri-o") {
    const lacks = ["status.dump", "config.dump", "spec.dump"].filter(
      (name) => !facts.hasMember(name),
    );
    if (lacks.length > 0) {
      remarks.decide(
        [],
        `containerd reads ${lacks.join(", ")}, which the archive lacks, and gives up. ${elsewhere(engine)}`,
      );
    } else {
      const reference = textAt(config, "rootfsImageRef") ?? "";
      remarks.note(
        [],
        `containerd takes the base image ${reference} from its store, or pulls it without credentials; 2.1 asks the registry even where the store has it. It restores from 2.1 on; 2.2.7 and 2.3.4 want enable_experimental_restore_via_create = true, and 2.4 does not restore this way.`,
      );
    }
  } else {
    const id = textAt(config, "rootfsImageRef") ?? textAt(config, "rootfsImageName") ?? "";
    remarks.note(
      [],
      `CRI-O does not pull the base image: ${identity.image ?? id} has to be on the node already, as the image ${identity.imageId ?? id}.`,
    );
  }
  const { ociRuntime } = identity;
  if (ociRuntime !== undefined) {
    remarks.note(
      ["spec"],
      `runtimeClassName: the dump was made under ${ociRuntime}. runc and crun cannot restore each other's dumps: name a class if the node's default is the other one.`,
    );
  }
}

function elsewhere(engine: PodFacts["engine"]): string {
  return engine === "podman"
    ? "Podman itself restores it: podman container restore --import."
    : "Restore it where it came from, or on a bench: cryoscope restore bundle.";
}

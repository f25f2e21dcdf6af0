/** What a row says: the need is met, is not met, or cannot be told from here. */
export type Answer = "yes" | "no" | "unknown";

/** What a node may be asked for. Podman's way needs no kubelet. */
export type Purpose = "checkpoint" | "restore" | "podman";

/** One need of checkpoint or restore, and whether the node meets it. */
export interface Verdict {
  /** Stable word for scripts. */
  id: string;
  topic: "kubelet" | "runtime" | "criu" | "kernel" | "node";
  what: string;
  found: string;
  needed: string;
  verdict: Answer;
  /** Why it cannot be told; null where it can. */
  reason: string | null;
  /** What to do about a no; null where nothing is to be done. */
  remedy: string | null;
  /** Where the need comes from. */
  source: string;
  /** What fails without it. */
  purposes: Purpose[];
  /** False: worth having, and some workloads need it, but a checkpoint works without. */
  required: boolean;
}

export type Need = Omit<Verdict, "found" | "verdict" | "reason" | "remedy">;

export function yes(need: Need, found: string): Verdict {
  return { ...need, found, verdict: "yes", reason: null, remedy: null };
}

export function no(need: Need, found: string, remedy: string): Verdict {
  return { ...need, found, verdict: "no", reason: null, remedy };
}

export function cannotTell(need: Need, reason: string, remedy: string | null = null): Verdict {
  return { ...need, found: "–", verdict: "unknown", reason, remedy };
}

/** Where needs come from, by name. */
export const sources = {
  gate: "kubelet's feature gates (pkg/features/kube_features.go, 1.25 to 1.36)",
  kubelet: "kubelet 1.36",
  kernelPage: "kubernetes.io/docs/reference/node/kernel-version-requirements",
  criuKernel: "criu.org/Linux_kernel",
  criu: "CRIU's sources and issues",
  criVersion: "CRI-O and containerd ask for CRIU 31600",
  containerd: "containerd's release notes and sources (2.0 to 2.4)",
  crio: "crio.conf(5)",
  oci: "runtime-spec, features.md",
  threat: "archives hold memory, keys and passwords",
} as const;

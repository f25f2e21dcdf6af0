import type { NodeFacts } from "../../node/facts.ts";
import type { Answer } from "../../node/verdicts/row.ts";
import type { RestoreNeeds } from "../needs.ts";

/** What restores: a CRI runtime asked by a pod, Podman, or an OCI runtime on a bench. */
export type RestoreRuntime = "containerd" | "cri-o" | "podman" | "runc" | "crun";

/** One thing that has to be so for the archive to come back there, and whether it is. */
export interface PlanRow {
  /** Stable word for scripts; rows of many things of one kind share it. */
  id: string;
  topic:
    | "archive"
    | "machine"
    | "kernel"
    | "criu"
    | "runtime"
    | "image"
    | "storage"
    | "network"
    | "security"
    | "kubelet"
    | "node";
  what: string;
  needed: string;
  found: string;
  verdict: Answer;
  /** Why it cannot be told; null where it can. */
  reason: string | null;
  /** What to do about it; null where nothing is to be done. */
  remedy: string | null;
  /** False: a restore works without, and may lose something. */
  required: boolean;
  /** Where the archive says so; null for what every restore needs. */
  evidence: string | null;
  /** Where the need comes from: sources, issues, documentation. */
  source: string;
}

export type PlanNeed = Omit<PlanRow, "found" | "verdict" | "reason" | "remedy">;

/** Makes the needs of one topic: required, and asked for by no single member unless said. */
export function needsOf(topic: PlanNeed["topic"], source: string) {
  return (id: string, what: string, needed: string, more: Partial<PlanNeed>): PlanNeed => ({
    id,
    topic,
    what,
    needed,
    required: true,
    evidence: null,
    source,
    ...more,
  });
}

export function yes(need: PlanNeed, found: string): PlanRow {
  return { ...need, found, verdict: "yes", reason: null, remedy: null };
}

export function no(need: PlanNeed, found: string, remedy: string): PlanRow {
  return { ...need, found, verdict: "no", reason: null, remedy };
}

export function cannotTell(need: PlanNeed, reason: string, remedy: string | null = null): PlanRow {
  return { ...need, found: "–", verdict: "unknown", reason, remedy };
}

/** What rows are made of. */
export interface PlanSubject {
  needs: RestoreNeeds;
  /** Undefined: no place was named, and only what the archive alone says can be told. */
  target: NodeFacts | undefined;
  /** Undefined where neither archive nor target tells. */
  runtime: RestoreRuntime | undefined;
  /** Milliseconds since 1970. */
  now: number;
  /** Is there something at a path of the target? Undefined where nobody can look. */
  look: ((path: string) => boolean | undefined) | undefined;
}

export const noTarget = "no place was named";

/** A pod asks for it, through a kubelet. */
export function isPod({ runtime }: Pick<PlanSubject, "runtime">): boolean {
  return runtime === "containerd" || runtime === "cri-o";
}

/** The OCI runtime that made the dump; undefined where nothing tells. */
export function dumpedBy({ ociRuntime }: RestoreNeeds): "runc" | "crun" | undefined {
  const name = ociRuntime.value ?? "";
  if (name === "crun" || name.endsWith("/crun")) return "crun";
  return name.includes("runc") ? "runc" : undefined;
}

/** A few of many, for people. */
export function some(texts: readonly string[], most = 3): string {
  const more = texts.length > most ? ` and ${texts.length - most} more` : "";
  return `${texts.slice(0, most).join(", ")}${more}`;
}

export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Where needs come from, by name. */
export const sources = {
  criu: "CRIU's sources",
  checkFpu: "CRIU: arch/x86/cpu.c, crtools.c (FPU feature required by image …)",
  tcp: "criu.org/TCP_connection",
  containerd: "containerd: internal/cri/server/container_checkpoint_linux.go",
  crio: "CRI-O: server/container_restore.go",
  podman: "podman-container-restore(1)",
  oci: "runc: libcontainer/criu_linux.go; crun: src/libcrun/criu.c",
  kernel: "man 2 getauxval, ELF",
  scheduler: "kubernetes.io/docs/concepts/scheduling-eviction",
  nodeStatus: "kubernetes.io/docs/reference/node/node-status",
  lost: "podman pkg/checkpoint/crutils (CRCreateRootFsDiffTar), as tried",
} as const;

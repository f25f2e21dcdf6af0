import type { NodeFacts } from "./facts.ts";
import { clusterVerdicts } from "./verdicts/cluster.ts";
import { criuVerdicts } from "./verdicts/criu.ts";
import { kernelVerdicts } from "./verdicts/kernel.ts";
import { kubeletVerdicts } from "./verdicts/kubelet.ts";
import { placeVerdicts } from "./verdicts/place.ts";
import type { Answer, Purpose, Verdict } from "./verdicts/row.ts";
import { runtimeVerdicts } from "./verdicts/runtime.ts";

/** Whether a node can do one thing, and the rows that keep it from that or leave it open. */
export interface Conclusion {
  answer: Answer;
  /** Ids of the rows that say no, or of those that cannot be told where none says no. */
  because: string[];
}

export interface NodeVerdicts {
  /** A checkpoint through the kubelet. */
  checkpoint: Conclusion;
  /** A restore as a pod. */
  restore: Conclusion;
  /** Checkpoint and restore by Podman, which needs no kubelet. */
  podman: Conclusion;
  rows: Verdict[];
}

/**
 * What checkpoint and restore need of a node, one by one, and what follows.
 * @param now milliseconds since 1970, for certificates and heartbeats.
 */
export function verdicts(facts: NodeFacts, now: number): NodeVerdicts {
  const rows = [
    ...clusterVerdicts(facts, now),
    ...kubeletVerdicts(facts),
    ...runtimeVerdicts(facts),
    ...criuVerdicts(facts),
    ...kernelVerdicts(facts),
    ...placeVerdicts(facts, now),
  ];
  return {
    checkpoint: conclude(rows, "checkpoint"),
    restore: conclude(rows, "restore"),
    podman: conclude(rows, "podman"),
    rows,
  };
}

function conclude(rows: readonly Verdict[], purpose: Purpose): Conclusion {
  const needed = rows.filter(({ required, purposes }) => required && purposes.includes(purpose));
  const of = (answer: Answer): string[] =>
    needed.filter(({ verdict }) => verdict === answer).map(({ id }) => id);
  for (const answer of ["no", "unknown"] as const) {
    const because = of(answer);
    if (because.length > 0) return { answer, because };
  }
  return { answer: "yes", because: [] };
}

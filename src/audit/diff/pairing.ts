import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { ProcessItem } from "./processes.ts";

/** What all sections need to know of how the two checkpoints go together. */
export interface Pairing {
  before: Checkpoint;
  after: Checkpoint;
  /**
   * Are both of one life of one container? Numbers of the kernel's (inodes of pipes, of sockets)
   * mean something only then: a container that was restored, or another one, has others.
   */
  oneLife: boolean;
  /** Which of the two left pages in the other, because it was dumped after it. */
  later: Side | null;
  /** Pids of which another program has taken possession. */
  reused: ReadonlySet<number>;
  /** Only this process; all where it is undefined. */
  pid: number | undefined;
  reveal: boolean;
}

export type Side = "before" | "after";

/** By which a process of one side is found on the other: a pid that was taken over is another one. */
export function pidKey({ reused }: Pick<Pairing, "reused">, side: Side, pid: number): string {
  return reused.has(pid) ? `${side} ${pid}` : `${pid}`;
}

/**
 * Pids of another program with another name: the kernel gave the number to another process. The
 * first process keeps its pid for ever, so another program there was executed by it.
 */
export function reusedPids(
  before: readonly ProcessItem[],
  after: readonly ProcessItem[],
): Set<number> {
  const old = new Map(before.map((item) => [item.id.pid, item.facts]));
  const reused = new Set<number>();
  for (const { id, facts } of after) {
    const was = old.get(id.pid);
    if (was === undefined || id.pid === 1 || was.exe === null || facts.exe === null) continue;
    if (was.exe !== facts.exe && was.comm !== facts.comm) reused.add(id.pid);
  }
  return reused;
}

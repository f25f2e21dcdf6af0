import { limits } from "../../base/limits.ts";
import type { ProblemLog } from "../../base/problem.ts";
import type { TreeNode } from "../process-tree.ts";

/** Keeps thread ids apart while processes are read one after the other. */
export class ThreadIds {
  readonly #taken: Set<number>;
  readonly #member: string;
  readonly #problems: ProblemLog;

  constructor(nodes: readonly TreeNode[], member: string, problems: ProblemLog) {
    this.#taken = new Set(nodes.map(({ pid }) => pid));
    this.#member = member;
    this.#problems = problems;
  }

  /**
   * The threads of a process, its own first. One that cannot be, that is listed twice or that
   * belongs to another process is left out with a problem.
   */
  of({ pid, threads }: TreeNode): number[] {
    const result = [pid];
    for (const [at, tid] of threads.entries()) {
      if (at === 0 && tid === pid) continue;
      const reason =
        tid === 0 || tid > limits.processes
          ? `allowed 1 to ${limits.processes}`
          : this.#taken.has(tid)
            ? "which is listed before, or is a process"
            : undefined;
      if (reason !== undefined) {
        this.#problems.add({
          severity: "error",
          code: "process-tree",
          message: `process ${pid} lists thread ${tid}; ${reason}`,
          where: { member: this.#member },
        });
        continue;
      }
      this.#taken.add(tid);
      result.push(tid);
    }
    return result;
  }
}

import { type Clock, pause } from "../base/clock.ts";

/** One checkpoint among many. */
export interface Job<Result> {
  /** Where it happens: a node's name or address. */
  node: string;
  /** Which container it is, so that the same one is known again. */
  container: string;
  run: () => Promise<Result>;
}

/**
 * The kubelet names archives by the second: of two of one container in the same second the later
 * overwrites the earlier. Counted from the answer, so that no delay on the way brings them together.
 */
const apart = 1000;

/**
 * Runs jobs: at most `parallel` at once, one at a time on a node, in their order there, and those
 * of one container more than a second apart.
 * @returns results in the order of the jobs; undefined for those that were not begun when the
 * signal was aborted.
 */
export async function schedule<Result>(
  jobs: readonly Job<Result>[],
  parallel: number,
  clock: Clock,
  interrupted: AbortSignal,
): Promise<(Result | undefined)[]> {
  const results = new Array<Result | undefined>(jobs.length).fill(undefined);
  const waiting = [...byNode(jobs).values()];
  const worker = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      await runRow(jobs, row, results, clock, interrupted);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, waiting.length) }, worker));
  return results;
}

async function runRow<Result>(
  jobs: readonly Job<Result>[],
  row: readonly number[],
  results: (Result | undefined)[],
  clock: Clock,
  interrupted: AbortSignal,
): Promise<void> {
  const ended = new Map<string, number>();
  for (const at of row) {
    const job = jobs[at] as Job<Result>;
    const before = ended.get(job.container);
    const rest = before === undefined ? 0 : before + apart - clock.now();
    // Timers may ring a moment early, and a moment decides here.
    if (rest > 0) await pause(clock, rest + 50, interrupted);
    if (interrupted.aborted) return;
    results[at] = await job.run();
    ended.set(job.container, clock.now());
  }
}

/** Numbers of jobs, a row for each node. */
function byNode(jobs: readonly Job<unknown>[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const [at, { node }] of jobs.entries()) {
    const row = rows.get(node);
    if (row === undefined) rows.set(node, [at]);
    else row.push(at);
  }
  return rows;
}

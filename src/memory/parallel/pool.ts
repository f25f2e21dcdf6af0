import { availableParallelism } from "node:os";
import type { Matcher } from "../matcher.ts";
import { type Piece, PieceScanner, type Scanned, unpack } from "./job.ts";
import { workerText } from "./worker-text.ts";

/** Pieces that are scanned in one go, and what is to be known of them elsewhere. */
export interface Job<T> {
  pieces: Piece[];
  /** One for each piece. */
  about: T[];
}

/** What a job found: of each of its pieces. */
interface JobResult<T> extends Job<T> {
  scanned: Scanned[];
  /** Scans a piece once more, on this thread, from a place in it on. */
  again: (piece: Piece, from: number) => Scanned;
}

/** What was thrown when a job was done. */
export class JobError<T> extends Error {
  readonly job: Job<T>;

  constructor(job: Job<T>, cause: unknown) {
    super("a job failed", { cause });
    this.job = job;
  }
}

/** Jobs that this thread does before it asks for help: to start a thread takes as long. */
const alone = 16;
/** Jobs of one thread that are under way, so that it never waits for the next. */
const deep = 2;
/** Another thread costs some 20 MiB. */
const mostThreads = 3;

/** A job whose result is not handed out yet. */
interface Waiting<T> {
  job: Job<T>;
  /** Settled when another thread has ended it; undefined where this one has to. */
  elsewhere: Promise<void> | undefined;
  scanned: Scanned[] | undefined;
}

/**
 * Does jobs on this thread and, when there are many, on others; results come in order. Only a few
 * jobs are ahead of the one whose result is wanted, so memory is bounded.
 */
export async function* runJobs<T>(
  jobs: Iterable<Job<T>>,
  matcher: Matcher,
): AsyncGenerator<JobResult<T>> {
  const scanner = new PieceScanner(matcher);
  const queue: Waiting<T>[] = [];
  const source = jobs[Symbol.iterator]();
  const pool = new Pool(matcher);
  const fill = (): void => {
    while (queue.length < 1 + pool.size * (deep + 1)) {
      const next = source.next();
      if (next.done === true) break;
      queue.push({ job: next.value, elsewhere: undefined, scanned: undefined });
    }
    pool.handOut(queue);
  };
  try {
    for (let count = 0; ; count++) {
      if (count === alone) await pool.start();
      fill();
      const first = queue[0];
      if (first === undefined) return;
      if (first.scanned === undefined) await progress(queue, first, scanner);
      else {
        queue.shift();
        yield {
          ...first.job,
          scanned: first.scanned,
          again: (piece, from) => attempt(first.job, () => scanner.scan(piece, from)),
        };
      }
    }
  } finally {
    await pool.end();
  }
}

/** This thread does what nobody has begun, and waits only where there is no such thing. */
async function progress<T>(
  queue: readonly Waiting<T>[],
  first: Waiting<T>,
  scanner: PieceScanner,
): Promise<void> {
  const own = queue.find(({ elsewhere, scanned }) => elsewhere === undefined && !scanned);
  if (own === undefined) return first.elsewhere;
  own.scanned = attempt(own.job, () => scanner.scanAll(own.job.pieces));
  // Others have something to tell, and somebody may have pressed Ctrl-C.
  await new Promise(setImmediate);
}

function attempt<T, R>(job: Job<T>, work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw new JobError(job, error);
  }
}

interface Thread {
  /** It takes some time to start, in which this thread gets far. */
  ready: boolean;
  worker: import("node:worker_threads").Worker;
  /** Who waits for an answer, in order. */
  asked: { resolve: (packed: Float64Array) => void; reject: (error: Error) => void }[];
}

class Pool {
  readonly #matcher: Matcher;
  readonly #threads: Thread[] = [];

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  /** Threads that take jobs. */
  get size(): number {
    return this.#threads.filter(({ ready }) => ready).length;
  }

  async start(): Promise<void> {
    const count = Math.min(mostThreads, availableParallelism() - 1);
    if (workerText === "" || count < 1) return;
    const { Worker } = await import("node:worker_threads");
    for (let index = 0; index < count; index++) {
      const options = { eval: true, workerData: this.#matcher.recipe, execArgv: [], env: {} };
      const worker = new Worker(workerText, options);
      const thread: Thread = { ready: false, worker, asked: [] };
      const fail = (error: Error): void => {
        this.#threads.splice(this.#threads.indexOf(thread), 1);
        for (const { reject } of thread.asked.splice(0)) reject(error);
      };
      worker.on("message", (packed: Float64Array | undefined) => {
        thread.ready = true;
        if (packed !== undefined) thread.asked.shift()?.resolve(packed);
      });
      worker.on("error", fail);
      this.#threads.push(thread);
    }
  }

  /** Gives jobs that nobody has begun to threads that have little to do. */
  handOut<T>(queue: readonly Waiting<T>[]): void {
    for (const thread of this.#threads) {
      for (const waiting of queue) {
        if (!thread.ready || thread.asked.length >= deep) break;
        if (waiting.elsewhere === undefined && waiting.scanned === undefined) ask(thread, waiting);
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}

function ask<T>(thread: Thread, waiting: Waiting<T>): void {
  const { pieces } = waiting.job;
  const answer = new Promise<Float64Array>((resolve, reject) => {
    thread.asked.push({ resolve, reject });
    thread.worker.postMessage(pieces);
  });
  waiting.elsewhere = answer.then(
    (packed) => {
      waiting.scanned = unpack(packed);
    },
    () => {
      // This thread will try, and say what is wrong.
      waiting.elsewhere = undefined;
    },
  );
}

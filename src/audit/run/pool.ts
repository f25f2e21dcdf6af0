import type { Worker } from "node:worker_threads";
import type { ArchiveAudit } from "../audit.ts";
import type { ArchiveAuditOptions } from "../audit-archive.ts";

/** What a thread is asked: an archive, by its place in the list. */
export interface Asked {
  index: number;
  path: string;
}

/** Its audit, or what was thrown that is no fault of the archive. */
export type Answered = { index: number } & ({ audit: ArchiveAudit } | { error: string });

/** Archives that one thread has before it, so that it never waits for the next. */
const deep = 2;

/**
 * A small nursery: what an audit makes is soon garbage, and four threads with the usual one would
 * hold 80 MiB more. An archive that takes more than a gigabyte ends its thread, not the process.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 1024 };

interface Thread {
  worker: Worker;
  /** It takes some time to start, in which this thread gets far. */
  ready: boolean;
  asked: Asked[];
}

/** What threads tell whoever hands out the work. */
interface PoolListener {
  ready: () => void;
  answered: (answer: Answered) => void;
  /** A thread ended over an archive: `at` is what it was at, `rest` what it had not begun. */
  crashed: (at: Asked, error: string, rest: Asked[]) => void;
}

/** Threads that audit archives. One that ends is replaced by another. */
export class AuditPool {
  readonly #text: string;
  readonly #options: ArchiveAuditOptions;
  readonly #listener: PoolListener;
  readonly #threads: Thread[] = [];
  readonly #make: typeof Worker;

  private constructor(
    make: typeof Worker,
    text: string,
    options: ArchiveAuditOptions,
    listener: PoolListener,
  ) {
    this.#make = make;
    this.#text = text;
    this.#options = options;
    this.#listener = listener;
  }

  /** @param text of the script; `worker-text.ts` */
  static async start(
    count: number,
    text: string,
    { progress: _, ...options }: ArchiveAuditOptions,
    listener: PoolListener,
  ): Promise<AuditPool> {
    const { Worker } = await import("node:worker_threads");
    // Addresses stay with the thread that hands out.
    const { progress: _told, remoteHooks: _heard, ...open } = options.open;
    const pool = new AuditPool(Worker, text, { ...options, open }, listener);
    for (let left = count; left > 0; left -= 1) pool.#begin();
    return pool;
  }

  /** Gives threads what they have room for, until `next` has no more. */
  handOut(next: () => Asked | undefined): void {
    for (let round = 0; round < deep; round += 1) {
      for (const thread of this.#threads) {
        if (!thread.ready || thread.asked.length > round) continue;
        const asked = next();
        if (asked === undefined) return;
        thread.asked.push(asked);
        thread.worker.postMessage(asked);
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  #begin(): void {
    const worker = new this.#make(this.#text, {
      eval: true,
      workerData: this.#options,
      execArgv: [],
      env: {},
      resourceLimits,
    });
    const thread: Thread = { worker, ready: false, asked: [] };
    let told = "it ended by itself";
    worker.on("message", (answer: Answered | undefined) => {
      if (answer === undefined) {
        thread.ready = true;
        this.#listener.ready();
        return;
      }
      thread.asked.shift();
      this.#listener.answered(answer);
    });
    worker.on("error", (error: Error) => {
      told = error.message;
    });
    worker.on("exit", () => this.#ended(thread, told));
    this.#threads.push(thread);
  }

  #ended(thread: Thread, told: string): void {
    const place = this.#threads.indexOf(thread);
    // It was told to end.
    if (place === -1) return;
    this.#threads.splice(place, 1);
    const [at, ...rest] = thread.asked;
    // A thread that ends before it is asked anything would end for ever.
    if (at === undefined) return;
    this.#begin();
    this.#listener.crashed(at, told, rest);
  }
}

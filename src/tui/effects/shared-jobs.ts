import type { Checkpoint } from "../../checkpoint/checkpoint.ts";

/** Somebody who waits for a long answer. */
export interface Waiting {
  signal: AbortSignal;
  /** Told of bytes that were looked at since it waits. */
  progress: (bytes: number) => void;
}

interface Job<T> {
  waiting: Set<Waiting>;
  result: Promise<T>;
}

/**
 * Long work on a checkpoint that several screens ask for: done once, kept as long as the checkpoint
 * is open, and given up when nobody waits for it any more.
 */
export class SharedJobs<T> {
  readonly #jobs = new WeakMap<Checkpoint, Map<string, Job<T>>>();

  /**
   * @param key tells the work from other work on the same checkpoint
   * @param make does it; what `progress` throws has to end it
   */
  async ask(
    checkpoint: Checkpoint,
    key: string,
    make: (progress: (bytes: number) => void) => Promise<T>,
    waiting: Waiting,
  ): Promise<T> {
    const jobs = this.#jobs.get(checkpoint) ?? new Map<string, Job<T>>();
    this.#jobs.set(checkpoint, jobs);
    const known = jobs.get(key);
    if (known !== undefined) {
      known.waiting.add(waiting);
      return known.result;
    }
    const waiters = new Set([waiting]);
    const progress = (bytes: number): void => {
      for (const each of waiters) {
        if (each.signal.aborted) waiters.delete(each);
        else each.progress(bytes);
      }
      if (waiters.size === 0) throw waiting.signal.reason;
    };
    const job = { waiting: waiters, result: make(progress) };
    jobs.set(key, job);
    try {
      return await job.result;
    } catch (error) {
      if (jobs.get(key) === job) jobs.delete(key);
      throw error;
    } finally {
      waiters.clear();
    }
  }
}

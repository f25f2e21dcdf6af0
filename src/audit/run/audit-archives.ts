import { availableParallelism } from "node:os";
import { ArchiveError, type Fault } from "../../base/errors.ts";
import { isRemote, shownName } from "../../base/remote-name.ts";
import type { ArchiveAudit } from "../audit.ts";
import {
  type ArchiveAuditOptions,
  auditArchive,
  closedAudit,
  type Opener,
} from "../audit-archive.ts";
import { type Answered, type Asked, AuditPool } from "./pool.ts";
import { shareTexts } from "./share-texts.ts";

export interface RunOptions extends ArchiveAuditOptions {
  /** Archives at once, on as many threads; this one is among them. */
  jobs?: number;
  /** Opens archives on this thread: what is no file of its own (`-`), or wants to be told of. */
  opener?: Opener;
  /** Told of each archive that is begun. */
  begun?: (path: string) => void;
}

/** Fewer archives are done before another thread is there: it takes 50 ms to start. */
const few = 12;
/** A thread takes some 30 MiB. */
const mostThreads = 3;
/** Audits that may wait for an earlier one, for each thread. */
const ahead = 8;

/**
 * Audits archives, and hands the audits out in the order of the paths, whichever ends first. One
 * that breaks off, or ends its thread, has a fault; the others go on. No more than a few audits are
 * held here, and breaking off the loop ends all threads.
 * @param text of the threads' script; there are none without it
 */
export async function* auditArchives(
  paths: readonly string[],
  options: RunOptions,
  text?: string,
): AsyncGenerator<ArchiveAudit> {
  const jobs = options.jobs ?? Math.min(mostThreads, availableParallelism());
  const many =
    jobs > 1 && paths.length >= few && !paths.some((path) => path === "-" || isRemote(path));
  const script = many ? (text ?? (await import("./worker-text.ts")).workerText) : "";
  const run = new Run(paths, options, script === "" ? 1 : jobs);
  try {
    if (script !== "") await run.start(script, jobs - 1);
    for (let at = 0; at < paths.length; at += 1) yield await run.audit(at);
  } finally {
    await run.end();
  }
}

/** Work that is handed out, and what came back. */
class Run {
  readonly #paths: readonly string[];
  readonly #options: RunOptions;
  readonly #ahead: number;
  readonly #done = new Map<number, ArchiveAudit>();
  /** Handed out to a thread that ended before it began them. */
  readonly #again: Asked[] = [];
  #next = 0;
  #wanted = 0;
  #pool: AuditPool | undefined;
  #wake: () => void = () => {};

  constructor(paths: readonly string[], options: RunOptions, jobs: number) {
    this.#paths = paths;
    this.#options = options;
    this.#ahead = jobs * ahead;
  }

  async start(text: string, threads: number): Promise<void> {
    const { jobs: _jobs, opener: _opener, begun: _begun, ...options } = this.#options;
    const handOut = (): void => this.#pool?.handOut(() => this.#take());
    this.#pool = await AuditPool.start(threads, text, options, {
      ready: handOut,
      answered: (answer) => void this.#answered(answer),
      crashed: (at, error, rest) => {
        this.#again.push(...rest);
        void this.#answered({ index: at.index, error });
      },
    });
  }

  async end(): Promise<void> {
    await this.#pool?.end();
  }

  /** The audit of one archive; asked for in the order of the list. */
  async audit(index: number): Promise<ArchiveAudit> {
    this.#wanted = index;
    for (;;) {
      const audit = this.#done.get(index);
      if (audit !== undefined) {
        this.#done.delete(index);
        return audit;
      }
      this.#pool?.handOut(() => this.#take());
      const own = this.#take();
      if (own === undefined) await this.#change();
      else await this.#do(own);
    }
  }

  #take(): Asked | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const index = this.#next;
    if (index >= this.#paths.length || index >= this.#wanted + this.#ahead) return undefined;
    this.#next += 1;
    const path = this.#paths[index] as string;
    this.#options.begun?.(path);
    return { index, path };
  }

  /** This thread works too. */
  async #do({ index, path }: Asked): Promise<void> {
    try {
      this.#done.set(index, await auditArchive(path, this.#options, this.#options.opener));
    } catch (error) {
      // What was wrong with the command is for whoever gave it.
      if (isUsage(error)) throw error;
      await this.#answered({ index, error: error instanceof Error ? error.message : `${error}` });
    }
    // Threads have something to tell, and somebody may have pressed Ctrl-C.
    await new Promise(setImmediate);
  }

  async #answered(answer: Answered): Promise<void> {
    const audit =
      "audit" in answer
        ? shareTexts(answer.audit)
        : await brokeOff(this.#paths[answer.index] as string, answer.error, this.#options);
    this.#done.set(answer.index, audit);
    this.#pool?.handOut(() => this.#take());
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function isUsage(error: unknown): boolean {
  return error instanceof Error && (error as Fault).kind === "usage";
}

/** The audit of an archive over which the audit itself broke. */
function brokeOff(path: string, found: string, options: RunOptions): Promise<ArchiveAudit> {
  const fault = new ArchiveError({
    code: "broke-off",
    what: "the audit of this archive broke off: that is a fault of cryoscope",
    where: { path: shownName(path) },
    found,
    next: "report it, with the archive's index: cryoscope images FILE",
  });
  return closedAudit(path, fault, options);
}

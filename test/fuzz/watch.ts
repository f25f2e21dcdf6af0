import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Find } from "./campaign.ts";
import type { Case } from "./case.ts";
import type { Tally } from "./tally.ts";
import type { WorkerLine, WorkerOptions } from "./worker.ts";

/** What one case may take: processor seconds, and seconds on a machine that is busy otherwise. */
const limits = { cpu: 5, wall: 60 };
/** Heap of a worker in MiB; the bytes of buffers are beside it, and are told by the peak. */
const heapMiB = 400;
/** Peak of a worker in MiB beyond which a case is taken to have asked for too much. */
const peakMiB = 1200;

interface Ears {
  tally: Tally;
  find: (number: number, find: Find) => void;
}

/**
 * Keeps one worker at work: ends it where a case takes too long, tells what it died of, and starts
 * another one behind the case that did it.
 */
export class Watch {
  readonly #options: WorkerOptions;
  readonly #ears: Ears;
  #ended = false;
  #next: number;

  constructor(options: WorkerOptions, ears: Ears) {
    this.#options = options;
    this.#ears = ears;
    this.#next = options.from;
  }

  async run(): Promise<void> {
    while (!this.#ended) await this.#worker();
  }

  #worker(): Promise<void> {
    const options = { ...this.#options, from: this.#next };
    // What the worker before this one was at is not what this one is at.
    writeFileSync(options.progressFile, "", { mode: 0o600 });
    const script = new URL("./worker.mjs", import.meta.url).pathname;
    const child = spawn(
      process.execPath,
      ["--enable-source-maps", `--max-old-space-size=${heapMiB}`, script, JSON.stringify(options)],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr = `${stderr}${chunk}`.slice(-4000);
    });
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => this.#hear(JSON.parse(line) as WorkerLine));
    let killed: string | undefined;
    const guard = this.#guard(child, (why) => {
      killed = why;
    });
    const heard = new Promise((resolve) => lines.once("close", resolve));
    return new Promise((resolve) => {
      child.on("exit", async (code, signal) => {
        clearInterval(guard);
        await heard;
        if (!this.#ended) this.#died(killed ?? deathOf(stderr, code, signal), stderr);
        resolve();
      });
    });
  }

  #hear(line: WorkerLine): void {
    const { tally, find } = this.#ears;
    if (line.is === "tick") tally.tick(line);
    else if (line.is === "slow") tally.slow(line);
    else if (line.is === "find") find(line.number, line as unknown as Find);
    else {
      this.#ended = true;
      this.#next = line.next;
    }
  }

  /** Ends a worker whose case takes too long or too much. */
  #guard(child: ChildProcess, killing: (why: string) => void): NodeJS.Timeout {
    let current = { number: -1, cpu: 0, since: Date.now() };
    return setInterval(() => {
      const now = this.#current();
      const cpu = cpuSeconds(child.pid);
      if (now === undefined || cpu === undefined) return;
      if (now.number !== current.number) {
        current = { number: now.number, cpu, since: Date.now() };
        return;
      }
      const long =
        cpu - current.cpu > limits.cpu || Date.now() - current.since > limits.wall * 1000;
      if (!long && (peakOf(child.pid) ?? 0) < peakMiB) return;
      killing(long ? "took too long" : "took too much memory");
      child.kill("SIGKILL");
    }, 500);
  }

  #current(): { number: number; case?: Case } | undefined {
    try {
      return JSON.parse(readFileSync(this.#options.progressFile, "utf8"));
    } catch {
      // It is not there yet, or is being written.
      return undefined;
    }
  }

  #died(why: string, stderr: string): void {
    const current = this.#current();
    if (current === undefined) throw new Error(`a worker ended before its first case:\n${stderr}`);
    this.#next = current.number + this.#options.step;
    this.#ears.tally.died();
    // It is the fuzzer itself that took too long, to make a case.
    if (current.case === undefined) return;
    const signature = `${current.case.target}: ${why}`;
    this.#ears.find(current.number, {
      signature,
      message: `${why}\n${stderr}`,
      case: current.case,
    });
  }
}

function deathOf(stderr: string, code: number | null, signal: string | null): string {
  if (/heap out of memory|Array buffer allocation failed/.test(stderr)) return "ran out of memory";
  return `ended the process (${signal ?? code})`;
}

function cpuSeconds(pid: number | undefined): number | undefined {
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /, "")
    .split(" ");
  return fields && (Number(fields[11]) + Number(fields[12])) / 100;
}

function peakOf(pid: number | undefined): number | undefined {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The worker has ended.
    return undefined;
  }
}

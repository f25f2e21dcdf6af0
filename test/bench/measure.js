// Runs commands, and tells how long they took and how much memory they held.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

let running;

/** Ends the command that is running now. */
export function stop() {
  running?.kill("SIGKILL");
}

/** Runs a command to its end. Its output goes nowhere unless it is asked for. */
export async function run([command, ...args], { output = false, env = process.env } = {}) {
  const started = process.hrtime.bigint();
  const child = spawn(command, args, {
    env,
    stdio: ["ignore", output ? "pipe" : "ignore", "ignore"],
  });
  running = child;
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  // With an output to read, the end is when all of it is there.
  const [code, signal] = await once(child, output ? "close" : "exit");
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  return { ms, status: signal ?? code, text };
}

/**
 * Times commands in turns, A B A B, so that whatever else the machine does meets all of them. The
 * first round is thrown away: it fills the page cache.
 */
export async function interleave(commands, rounds, runOne = run) {
  const results = commands.map(() => ({ times: [], status: 0 }));
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, command] of commands.entries()) {
      const { ms, status } = await runOne(command);
      if (status !== 0) results[index].status = status;
      if (round >= 0) results[index].times.push(ms);
    }
  }
  return results.map(({ times, status }) => ({ ...summary(times), status }));
}

export function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.ceil(share * sorted.length) - 1];
  const middle = sorted.length / 2;
  const median =
    sorted.length % 2 === 1 ? sorted[middle - 0.5] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { runs: sorted.length, median, p10: at(0.1) };
}

/**
 * Measures peak resident memory, in runs of their own, because that costs time.
 *
 * `time -f %M` asks the kernel (wait4), for any command and all that it starts. Node itself cannot:
 * its resourceUsage() knows no children, and Linux counts to a new process what the one that
 * started it held, which would be this whole script. Where there is no such `time` (macOS), a line
 * loaded before the script has Node tell its own peak when it ends; gzip and zstd go unmeasured.
 */
export class MemoryMeter {
  #file;
  #time;

  constructor(folder) {
    this.#file = join(folder, "peak");
  }

  async prepare() {
    for (const time of ["/usr/bin/time", "/bin/time"]) {
      if (!existsSync(time)) continue;
      const { status } = await run(this.#timed(time, ["true"]));
      if (status === 0 && this.#read() !== undefined) this.#time = time;
    }
  }

  /** A command that does the same and leaves its peak behind for `taken`. */
  wrap(command) {
    return this.#time === undefined ? command : this.#timed(this.#time, command);
  }

  /** Bytes that the command which was wrapped held at most; undefined where nobody can tell. */
  taken() {
    return this.#time === undefined ? undefined : this.#read();
  }

  /** The highest of some runs, in bytes. */
  async peak(command, runs) {
    let highest;
    for (let count = 0; count < runs; count += 1) {
      const bytes = await this.#once(command);
      if (bytes !== undefined) highest = Math.max(highest ?? 0, bytes);
    }
    return highest;
  }

  async #once(command) {
    if (this.#time !== undefined) await run(this.wrap(command));
    else if (command[0] === process.execPath) {
      const [node, ...args] = command;
      const env = { ...process.env, CRYOSCOPE_BENCH_PEAK: this.#file };
      await run([node, "--import", `data:text/javascript,${ownPeak}`, ...args], { env });
    }
    return this.#read();
  }

  #timed(time, command) {
    return [time, "-f", "%M", "-o", this.#file, ...command];
  }

  #read() {
    if (!existsSync(this.#file)) return undefined;
    const lines = readFileSync(this.#file, "utf8").trim().split("\n");
    rmSync(this.#file);
    // Before the number, `time` says when a command ended with another status than 0.
    return Number(lines.at(-1)) * 1024;
  }
}

const ownPeak = encodeURIComponent(`
  const { readFileSync, writeFileSync } = process.getBuiltinModule("fs");
  process.on("exit", () => {
    let peak = process.resourceUsage().maxRSS;
    try {
      peak = /VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1];
    } catch {}
    writeFileSync(process.env.CRYOSCOPE_BENCH_PEAK, String(peak));
  });
`);

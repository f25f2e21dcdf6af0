import { runCommandLine } from "../../../src/cli/command-line.ts";
import type { Io, Sink } from "../../../src/cli/io.ts";

export interface Ran {
  code: number;
  out: Buffer;
  err: string;
}

/** Beyond this much output the fuzzer reads no further, as `head` would. */
const outputBytes = 32 * 2 ** 20;

/** Runs a command line in this process. */
export async function runCommand(argv: readonly string[], stdin?: Buffer): Promise<Ran> {
  const chunks = { out: [] as Buffer[], err: [] as Buffer[] };
  let written = 0;
  const sink = (name: "out" | "err"): Sink => ({
    isTTY: false,
    columns: name === "out" ? 100 : undefined,
    colour: false,
    write: async (chunk) => {
      const copy = Buffer.from(chunk);
      written += copy.length;
      if (written > outputBytes) return false;
      chunks[name].push(copy);
      return true;
    },
  });
  const io: Io = {
    calledAs: "cryoscope",
    out: sink("out"),
    err: sink("err"),
    stdin: {
      isTTY: stdin === undefined,
      isFile: false,
      stream: async function* () {
        for (let at = 0; at < (stdin?.length ?? 0); at += 4096)
          yield (stdin as Buffer).subarray(at, at + 4096);
      },
    },
    env: {},
    now: () => Date.parse("2026-11-22T00:00:00Z"),
    timer: (milliseconds, ring) => {
      const handle = setTimeout(ring, milliseconds);
      return () => clearTimeout(handle);
    },
    onInterrupt: () => () => {},
    interruptible: (work) => work(),
    openTui: async () => 70,
    endBySignals: () => {},
    partial: () => {},
  };
  const code = await runCommandLine(argv, io);
  return { code, out: Buffer.concat(chunks.out), err: Buffer.concat(chunks.err).toString() };
}

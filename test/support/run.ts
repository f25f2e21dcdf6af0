import type { Clock } from "../../src/base/clock.ts";
import type { CalledAs } from "../../src/cli/calling.ts";
import type { Io, Sink } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { realTimer } from "./clock.ts";

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface RunOptions {
  stdin?: AsyncIterable<Uint8Array>;
  /** `cryoscope` without it. */
  calledAs?: CalledAs;
  env?: Record<string, string>;
  /** Pretend that stdout and stderr are terminals of that width. */
  columns?: number;
  /** Pretend that both want colour. */
  colour?: boolean;
  now?: number;
  /** Time of the test's own, instead of `now` and of timers that ring when they should. */
  clock?: Clock;
  /** Is aborted when the user presses Ctrl-C. */
  interrupt?: AbortSignal;
}

/** Runs the command line in this process, with streams and clock of the test's own. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const chunks = { out: [] as Buffer[], err: [] as Buffer[] };
  const sink = (name: "out" | "err"): Sink => ({
    isTTY: options.columns !== undefined,
    columns: options.columns,
    colour: options.colour === true,
    write: async (chunk) => {
      chunks[name].push(Buffer.from(chunk));
      return true;
    },
  });
  const io: Io = {
    calledAs: options.calledAs ?? "cryoscope",
    out: sink("out"),
    err: sink("err"),
    stdin: {
      isTTY: options.stdin === undefined,
      isFile: false,
      stream: () => options.stdin ?? (async function* () {})(),
    },
    env: options.env ?? {},
    now: options.clock?.now ?? (() => options.now ?? Date.parse("2026-11-22T00:00:00Z")),
    timer: options.clock?.timer ?? realTimer,
    onInterrupt: (stop) => {
      options.interrupt?.addEventListener("abort", stop);
      return () => options.interrupt?.removeEventListener("abort", stop);
    },
    openTui: async () => 70,
    interruptible: (work) => work(),
    endBySignals: () => {},
    partial: () => {},
  };
  const code = await main(argv, io);
  const text = (name: "out" | "err"): string => Buffer.concat(chunks[name]).toString();
  return { code, out: text("out"), err: text("err") };
}

import { fstatSync, type Stats, writeSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { removeTree } from "../archive/remove-tree.ts";
import { timer } from "../base/timer.ts";
import type { OpenTuiOptions } from "../tui/open-tui.ts";
import { type CalledAs, calledAs } from "./calling.ts";
import { exitCodes } from "./exit-codes.ts";

/** One of the two output streams. */
export interface Sink {
  isTTY: boolean;
  /** Width of the terminal, where there is one. */
  columns: number | undefined;
  colour: boolean;
  /** Resolves when the stream takes more; false when nobody reads any more. */
  write(chunk: string | Uint8Array): Promise<boolean>;
}

/** Everything that a command touches of its process. Tests give their own. */
export interface Io {
  calledAs: CalledAs;
  out: Sink;
  err: Sink;
  stdin: {
    isTTY: boolean;
    /** Is it a regular file, so that it can seek? */
    isFile: boolean;
    stream: () => AsyncIterable<Uint8Array>;
  };
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Calls once, after so many milliseconds; what it returns takes that back. */
  timer: (milliseconds: number, ring: () => void) => () => void;
  /** Calls at Ctrl-C or SIGTERM instead of ending the process, once; what it returns takes that back. */
  onInterrupt: (stop: () => void) => () => void;
  /**
   * Does work that Ctrl-C can end: an expression may keep the engine busy for years, and meanwhile
   * no listener is called. Costs 70 µs.
   */
  interruptible: (work: () => void) => void;
  /** Opens the terminal UI on the process's own terminal; the exit code. Loaded when called. */
  openTui: (options: OpenTuiOptions) => Promise<number>;
  /** Ends the process at SIGINT and SIGTERM also where it is process 1, which the kernel spares. */
  endBySignals: () => void;
  /** Files and folders that must not stay behind when the command is interrupted. */
  partial: (path: string, state: "begun" | "done") => void;
}

/** The Io of the running process. */
export function processIo(openTui: Io["openTui"]): Io {
  const { env } = process;
  if (process.pid === 1) endOnSignals();
  return {
    calledAs: calledAs(process.argv[1]),
    out: sink(1, () => process.stdout, env),
    err: sink(2, () => process.stderr, env),
    stdin: {
      isTTY: isTerminal(0),
      isFile: kindOf(0)?.isFile() === true,
      stream: () => process.stdin,
    },
    env,
    now: Date.now,
    timer,
    onInterrupt: (stop) => {
      // A system that shuts down asks with SIGTERM, and what was begun elsewhere has to be ended too.
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
      return () => {
        for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, stop);
      };
    },
    interruptible,
    openTui,
    ...partialFiles(),
  };
}

/**
 * The first process of a container gets no signal that it does not listen to, so Ctrl-C and a runtime that
 * stops it would wait in vain. Whoever listens besides has the say.
 */
function endOnSignals(): void {
  const codes = { SIGINT: exitCodes.interrupted, SIGTERM: 128 + 15 };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(codes[signal]);
    });
  }
}

const working = Symbol.for("cryoscope.working");
const scope = globalThis as unknown as Record<symbol, () => void>;

/** Node itself stops a script on SIGINT; what would have happened to the signal happens then. */
function interruptible(work: () => void): void {
  scope[working] = work;
  try {
    runInThisContext('globalThis[Symbol.for("cryoscope.working")]()', { breakOnSigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" && !process.emit("SIGINT")) {
      process.kill(process.pid, "SIGINT");
    }
    throw error;
  } finally {
    delete scope[working];
  }
}

/** Removes files and folders that are not whole when a signal ends the process. */
function partialFiles(): Pick<Io, "partial" | "endBySignals"> {
  const partials = new Set<string>();
  let listening = false;
  const end = (code: number) => () => {
    for (const path of partials) {
      try {
        removeTree(path);
      } catch {
        // It may be gone already; there is nobody left to tell.
      }
    }
    process.exit(code);
  };
  const endBySignals = (): void => {
    if (listening) return;
    listening = true;
    process.once("SIGINT", end(exitCodes.interrupted));
    process.once("SIGTERM", end(128 + 15));
  };
  return {
    endBySignals,
    partial: (path, state) => {
      if (state === "done") partials.delete(path);
      else partials.add(path);
      endBySignals();
    },
  };
}

function kindOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    // A descriptor that the caller closed.
    return undefined;
  }
}

/** Memory devices (/dev/null, /dev/zero) are character devices too, with major number 1. */
function isTerminal(fd: number): boolean {
  const stats = kindOf(fd);
  return stats?.isCharacterDevice() === true && stats.rdev >> 8 !== 1;
}

/**
 * A terminal is written through its stream; anything else at once, because making the stream
 * takes longer than most commands.
 */
function sink(fd: number, open: () => NodeJS.WriteStream, env: NodeJS.ProcessEnv): Sink {
  if (isTerminal(fd)) return terminalSink(open(), env);
  let stream: NodeJS.WriteStream | undefined;
  let closed = false;
  return {
    isTTY: false,
    columns: undefined,
    colour: wantsColour(false, env),
    write: async (chunk) => {
      if (closed) return false;
      if (stream !== undefined) return streamed(stream, chunk);
      const rest = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      let at = 0;
      try {
        while (at < rest.length) at += writeSync(fd, rest, at);
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "EPIPE" && code !== "EAGAIN") throw error;
        // A reader that went away (`| head`) is no error of ours.
        closed = code === "EPIPE";
        if (closed) return false;
      }
      // A pipe that somebody made non-blocking and that is full: Node knows how to wait for it.
      stream = tolerant(open());
      return streamed(stream, rest.subarray(at));
    },
  };
}

function terminalSink(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Sink {
  const output = tolerant(stream);
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    colour: wantsColour(stream.isTTY === true, env),
    write: (chunk) => streamed(output, chunk),
  };
}

function tolerant(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

function streamed(stream: NodeJS.WriteStream, chunk: string | Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    stream.write(chunk, (error) => resolve(error == null));
  });
}

/** NO_COLOR, FORCE_COLOR and TERM=dumb, as their users expect (no-color.org, force-color.org). */
export function wantsColour(
  isTTY: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "" && force !== "0") return true;
  return isTTY && env["TERM"] !== "dumb";
}

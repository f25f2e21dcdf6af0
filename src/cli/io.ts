import { fstatSync, unlinkSync } from "node:fs";

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
  /** Files that must not stay behind when the command is interrupted. */
  partial: (path: string, state: "begun" | "done") => void;
}

/** The Io of the running process. */
export function processIo(): Io {
  const partials = new Set<string>();
  const end = (code: number) => () => {
    for (const path of partials) {
      try {
        unlinkSync(path);
      } catch {
        // It may be gone already; there is nobody left to tell.
      }
    }
    process.exit(code);
  };
  process.once("SIGINT", end(130));
  process.once("SIGTERM", end(143));
  const { env } = process;
  return {
    out: sink(process.stdout, env),
    err: sink(process.stderr, env),
    stdin: {
      isTTY: process.stdin.isTTY === true,
      isFile: standardInputIsFile(),
      stream: () => process.stdin,
    },
    env,
    now: Date.now,
    partial: (path, state) => {
      if (state === "begun") partials.add(path);
      else partials.delete(path);
    },
  };
}

function standardInputIsFile(): boolean {
  try {
    return fstatSync(0).isFile();
  } catch {
    return false;
  }
}

function sink(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Sink {
  let closed = false;
  // A reader that went away (`| head`) is no error of ours.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    closed = true;
  });
  return {
    isTTY: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : undefined,
    colour: wantsColour(stream.isTTY === true, env),
    write: (chunk) =>
      new Promise((resolve) => {
        if (closed) resolve(false);
        else stream.write(chunk, (error) => resolve(error == null && !closed));
      }),
  };
}

/** NO_COLOR, FORCE_COLOR and TERM=dumb, as their users expect (no-color.org, force-color.org). */
export function wantsColour(isTTY: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "" && force !== "0") return true;
  return isTTY && env["TERM"] !== "dumb";
}

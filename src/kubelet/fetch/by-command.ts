import type { ChildProcess } from "node:child_process";
import { RemoteError, UsageError } from "../../base/errors.ts";
import { maskText } from "../../base/mask.ts";
import { isNoProgram } from "../../base/shell.ts";
import type { ArchivePath } from "./archive-path.ts";
import { bring } from "./bring.ts";
import type { Fetched, FetchMeans, Landing } from "./fetch.ts";
import { filledWords } from "./words.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Enough for what ssh says last. */
const mostErrors = 4096;
/** A program that does not end when it is asked to is ended. */
const endPatience = 2000;

/** Brings what a program of the caller's writes to stdout. Nobody there tells a hash or a size. */
export function bringByCommand(
  words: readonly string[],
  node: string,
  env: Environment,
  archive: ArchivePath,
  landing: () => Promise<Landing>,
  means: FetchMeans,
): Promise<Fetched> {
  const filled = filledWords(words, node, archive.path);
  const source = {
    way: "command" as const,
    size: async () => undefined,
    copy: (output: (bytes: Uint8Array) => Promise<void>) => runProgram(filled, env, output, means),
    digest: async () => undefined,
    remove: async () => {},
  };
  return landing().then((place) => bring(source, archive, place, false, means));
}

async function runProgram(
  [program = "", ...words]: readonly string[],
  env: Environment,
  output: (bytes: Uint8Array) => Promise<void>,
  { clock, signal }: FetchMeans,
): Promise<void> {
  const { spawn } = await import("node:child_process");
  signal.throwIfAborted();
  const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = endOf(child);
  // Whoever waits for it comes later, when its output has ended.
  ended.catch(() => {});
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-mostErrors);
  });
  const stop = (): void => end(child, clock);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of child.stdout) await output(chunk as Uint8Array);
    const { code, killedBy } = await ended;
    signal.throwIfAborted();
    if (code !== 0) throw failed(program, code, killedBy, errors);
  } catch (error) {
    if (child.exitCode === null) end(child, clock);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall?.startsWith("spawn") === true) throw missing(program, code ?? "");
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function endOf(child: ChildProcess): Promise<{ code: number | null; killedBy: string | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => resolve({ code, killedBy }));
  });
}

function end(child: ChildProcess, clock: FetchMeans["clock"]): void {
  child.stdout?.destroy();
  child.kill("SIGTERM");
  const cancel = clock.timer(endPatience, () => child.kill("SIGKILL"));
  child.once("exit", cancel);
}

function failed(
  program: string,
  code: number | null,
  killedBy: string | null,
  errors: string,
): RemoteError {
  const how = code === null ? `ended by ${killedBy}` : `exit code ${code}`;
  const said = maskText(errors.trim().split("\n").slice(-3).join(" | ")).slice(-600);
  return new RemoteError({
    code: "fetch-command-failed",
    what: `${program} of --fetch-command failed, and what it had written was thrown away`,
    found: said === "" ? how : `${how}: ${said}`,
    next: "run it by hand and see; ssh and sudo must not ask for a password here",
  });
}

function missing(program: string, code: string): UsageError {
  return new UsageError({
    code: "fetch-command",
    what: `${program} of --fetch-command cannot be run`,
    found: isNoProgram(code, program) ? "no such program" : code,
    next: "give a program that is in PATH",
  });
}

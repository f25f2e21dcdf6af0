import { BugError, Fault, RefusedError } from "../base/errors.ts";
import { withoutQueries } from "../base/remote-name.ts";
import { sanitize } from "../base/text.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { faultJson, faultText } from "./print-fault.ts";
import { runProgram } from "./program.ts";

/** Runs a command line and turns whatever it throws into a message and an exit code. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await runProgram(argv, io);
  } catch (error) {
    return fail(error, argv, io);
  }
}

async function fail(error: unknown, argv: readonly string[], io: Io): Promise<number> {
  const fault = error instanceof Fault ? error : (unwritten(error) ?? bug(error));
  await io.err.write(wantsJson(argv) ? faultJson(fault, io) : faultText(fault, io));
  if (argv.includes("--debug")) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    for (const line of stack.split("\n")) {
      await io.err.write(`${withoutQueries(sanitize(line))}\n`);
    }
  }
  return exitCodes[fault.kind];
}

/** The parser may be what failed, so the words themselves are asked. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) =>
      // `-qojson` and `-qo json` are how short flags are written together.
      /^(-q?o=?|--output=)json$/.test(word) ||
      (word === "json" && /^(-q?o|--output)$/.test(argv[at - 1] ?? "")),
  );
}

/** A disk that is full is no fault of ours. A reader that went away is no error at all. */
function unwritten(error: unknown): Fault | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== "write" || code === undefined) return undefined;
  return new RefusedError({
    code: "disk-full",
    what: "the result cannot be written to standard output",
    found: code,
    next: "make room where it goes: df -h",
    cause: error,
  });
}

function bug(error: unknown): Fault {
  return new BugError({
    what: "this is a fault of cryoscope, not yours",
    found: error instanceof Error ? error.message : String(error),
    next: "run it again with --debug and report what it prints",
    cause: error,
  });
}

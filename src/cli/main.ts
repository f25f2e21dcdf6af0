import { BugError, Fault } from "../base/errors.ts";
import { version } from "../base/version.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Io, processIo } from "./io.ts";

/**
 * Runs the command line.
 * @param argv arguments without `node` and the script.
 * @returns the exit code; nothing in here ends the process.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  // Asked by every script and completion, so it must not cost the loading of a parser.
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    await io.out.write(`cryoscope ${version}\n`);
    return exitCodes.fine;
  }
  try {
    const { runProgram } = await import("./program.ts");
    return await runProgram(argv, io);
  } catch (error) {
    return fail(error, argv, io);
  }
}

async function fail(error: unknown, argv: readonly string[], io: Io): Promise<number> {
  const fault = error instanceof Fault ? error : bug(error);
  const { faultJson, faultText } = await import("./print-fault.ts");
  const json = argv.some((word, at) => /^(-o|--output)=?json$/.test(word) || (word === "json" && /^(-o|--output)$/.test(argv[at - 1] ?? "")));
  await io.err.write(json ? faultJson(fault) : faultText(fault));
  if (argv.includes("--debug")) {
    const { sanitize } = await import("../base/text.ts");
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await io.err.write(stack.split("\n").map((line) => `${sanitize(line)}\n`).join(""));
  }
  return exitCodes[fault.kind];
}

function bug(error: unknown): Fault {
  return new BugError({
    what: "this is a fault of cryoscope, not yours",
    found: error instanceof Error ? error.message : String(error),
    next: "run it again with --debug and report what it prints",
    cause: error,
  });
}

import { Command, CommanderError } from "commander";
import { version } from "../base/version.ts";
import { isPlugin, spokenName } from "./calling.ts";
import { auditCommand } from "./commands/audit/command.ts";
import { checkpointCommand } from "./commands/checkpoint/command.ts";
import { completionCommand } from "./commands/completion/command.ts";
import { decodeCommand } from "./commands/decode/command.ts";
import { diffCommand } from "./commands/diff/command.ts";
import { encodeCommand } from "./commands/encode/command.ts";
import { envCommand } from "./commands/env/command.ts";
import { explainCommand } from "./commands/explain/command.ts";
import { extractCommand } from "./commands/extract/command.ts";
import { filesCommand } from "./commands/files/command.ts";
import { imagesCommand } from "./commands/images/command.ts";
import { inspectCommand } from "./commands/inspect/command.ts";
import { listCommand } from "./commands/list/command.ts";
import { memoryCommand } from "./commands/memory/command.ts";
import { mountsCommand } from "./commands/mounts/command.ts";
import { nodeCommand } from "./commands/node/command.ts";
import { openCommand } from "./commands/open/command.ts";
import { psCommand } from "./commands/ps/command.ts";
import { restoreCommand } from "./commands/restore/command.ts";
import { secureCommand } from "./commands/secure/command.ts";
import { socketsCommand } from "./commands/sockets/command.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/**
 * A command: its words for commander, and what they run. Libraries that only some commands need
 * (globs, YAML, decompression) are imported where they are used.
 */
export type CommandMaker = (run: (work: () => Promise<number>) => Promise<void>, io: Io) => Command;

const makers: Readonly<Record<string, CommandMaker>> = {
  open: openCommand,
  list: listCommand,
  inspect: inspectCommand,
  images: imagesCommand,
  ps: psCommand,
  env: envCommand,
  files: filesCommand,
  sockets: socketsCommand,
  mounts: mountsCommand,
  decode: decodeCommand,
  encode: encodeCommand,
  memory: memoryCommand,
  node: nodeCommand,
  audit: auditCommand,
  extract: extractCommand,
  diff: diffCommand,
  checkpoint: checkpointCommand,
  restore: restoreCommand,
  explain: explainCommand,
  secure: secureCommand,
  completion: completionCommand,
};

/**
 * The whole command tree, also for completion and manuals.
 * @param verb a command that alone is wanted: the options of all the others cost time.
 */
export function buildProgram(io: Io, done: (code: number) => void, verb = ""): Command {
  const run = async (work: () => Promise<number>): Promise<void> => done(await work());
  const program = new Command(spokenName(io.calledAs))
    .description("Look inside container checkpoints made by CRI-O, containerd and Podman.")
    .version(`cryoscope ${version}`, "-V, --version", "print the version")
    .helpCommand("help [command]", "show help for a command")
    .showSuggestionAfterError(true);
  const wanted =
    Object.hasOwn(makers, verb) && verb !== "completion" ? [verb] : Object.keys(makers);
  for (const name of wanted) program.addCommand((makers[name] as CommandMaker)(run, io));
  for (const command of everyCommand(program)) prepare(command, io);
  return program;
}

/** A command and all below it. */
function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function prepare(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void io.out.write(text),
    // Commander's errors come back as exceptions, and are printed once, in our own form.
    writeErr: () => {},
    getOutHelpWidth: () => io.out.columns ?? 100,
    getOutHasColors: () => io.out.colour,
  });
}

/** Parses and runs; returns the exit code. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.fine;
  const done = (result: number): void => {
    code = result;
  };
  if (argv[0] === "__complete") {
    const { runComplete } = await import("./commands/completion/answer.ts");
    return runComplete(argv.slice(1), buildProgram(io, done), io);
  }
  if (!isPlugin(io.calledAs)) {
    await parse(argv, buildProgram(io, done, argv[0]), io, done);
    return code;
  }
  const { leadingFlags, placeFlags } = await import("./kubectl-flags.ts");
  const { flags, rest } = leadingFlags(argv);
  const program = buildProgram(io, done, rest[0]);
  // Alone it shows the help, as kubectl does.
  const words = argv.length === 0 ? ["--help"] : placeFlags(flags, rest, program);
  await parse(words, program, io, done);
  return code;
}

async function parse(
  argv: readonly string[],
  program: Command,
  io: Io,
  done: (code: number) => void,
): Promise<void> {
  if (asksForHelp(argv)) {
    // What help says beyond options is nothing that other calls should pay for.
    const { addManuals } = await import("./manual/help.ts");
    addManuals(program, io.calledAs);
  }
  // Alone on a terminal it is the UI; in a script it is a question for help.
  if (argv.length === 0 && !(io.stdin.isTTY && io.out.isTTY)) {
    await io.err.write(program.helpInformation());
    return done(exitCodes.usage);
  }
  try {
    await program.parseAsync(argv.length === 0 ? ["open"] : argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return done(exitCodes.fine);
    const { usageFault } = await import("./usage-fault.ts");
    throw usageFault(error, argv, program, io);
  }
}

/** Commander takes `-qh` for help too. */
function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((word) => /^(help|--help|-\w*h\w*)$/.test(word));
}

import { Command, CommanderError } from "commander";
import { type FaultDetail, UsageError } from "../base/errors.ts";
import { version } from "../base/version.ts";
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
  const program = new Command("cryoscope")
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
  const program = buildProgram(io, done, argv[0]);
  if (asksForHelp(argv)) {
    // What help says beyond options is nothing that other calls should pay for.
    const { addManuals } = await import("./manual/help.ts");
    addManuals(program);
  }
  // Alone on a terminal it is the UI; in a script it is a question for help.
  if (argv.length === 0 && !(io.stdin.isTTY && io.out.isTTY)) {
    await io.err.write(program.helpInformation());
    return exitCodes.usage;
  }
  try {
    await program.parseAsync(argv.length === 0 ? ["open"] : argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.fine;
    throw new UsageError({
      ...usageDetail(error, argv),
      next: `cryoscope ${helpTopic(program, argv)}--help`,
    });
  }
  return code;
}

/** Commander takes `-qh` for help too. */
function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((word) => /^(help|--help|-\w*h\w*)$/.test(word));
}

/** Commander's message in our own form: one sentence, and what would have been right. */
function usageDetail(error: CommanderError, argv: readonly string[]): FaultDetail {
  // `help VERB` of no command: commander shows the help of all, and says nothing.
  if (error.code === "commander.help") return { what: `unknown command '${argv[1] ?? ""}'` };
  const message = error.message
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean/, " (did you mean")
    .replace(/\.$/, "");
  const [what = message, rest] = message.split(/\. (?=[A-Z])/);
  if (rest === undefined) return { what };
  const allowed = rest.replace(/^Allowed choices are /, "");
  return allowed === rest ? { what: `${what}: ${rest.toLowerCase()}` } : { what, allowed };
}

/** The commands that the words name, each below the one before: `memory read `. */
function helpTopic(program: Command, argv: readonly string[]): string {
  const named = (command: Command, word: string): boolean =>
    command.name() === word || command.aliases().includes(word);
  let topic = "";
  let command = program;
  for (const word of argv) {
    const next = command.commands.find((each) => named(each, word));
    if (next === undefined) continue;
    command = next;
    topic += `${word} `;
  }
  return topic;
}

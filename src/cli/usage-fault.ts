import type { Command, CommanderError } from "commander";
import { type FaultDetail, UsageError } from "../base/errors.ts";
import { isPlugin } from "./calling.ts";
import type { Io } from "./io.ts";
import { commandNamed, notTaken } from "./kubectl-flags.ts";

/** What commander found wrong with the words, as a fault of ours. */
export function usageFault(
  error: CommanderError,
  argv: readonly string[],
  program: Command,
  { calledAs }: Io,
): UsageError {
  const topic = helpTopic(program, argv);
  const next = `${["cryoscope", ...topic.names].join(" ")} --help`;
  const [, flag] = /^error: unknown option '(.*?)'/.exec(error.message) ?? [];
  const detail =
    flag !== undefined && isPlugin(calledAs) ? notTaken(flag, topic.command) : undefined;
  return new UsageError({ ...(detail ?? usageDetail(error, argv)), next });
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

/** The commands that the words name, each below the one before, whatever stands between them. */
function helpTopic(
  program: Command,
  argv: readonly string[],
): { names: string[]; command: Command } {
  const names: string[] = [];
  let command = program;
  for (const word of argv) {
    const next = commandNamed(command, word);
    if (next === undefined) continue;
    command = next;
    names.push(word);
  }
  return { names, command };
}

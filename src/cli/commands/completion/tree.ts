import type { Command, Option } from "commander";
import { namesOfArguments, namesOfOption } from "./candidates.ts";

/** A flag as shells complete it. */
export interface FlagWords {
  long: string | undefined;
  short: string | undefined;
  description: string;
  /** Does a value follow, and if so, which are there? */
  takesValue: boolean;
  choices: readonly string[];
  /** Is the value a folder? */
  folder: boolean;
  /** Is the value a name that the program itself has to be asked for (answer.ts)? */
  asked: boolean;
}

export interface CommandWords {
  name: string;
  /** The name and its short forms. */
  spellings: readonly string[];
  description: string;
  flags: FlagWords[];
  /** Words that its argument may be; none where it takes files. */
  choices: readonly string[];
  /** Are its arguments names that the program has to be asked for? */
  asked: boolean;
  /** Commands below it, as `memory read`; their flags are among its own. */
  subcommands: readonly string[];
}

/** What completion needs of the command tree, so that scripts are made from it and never drift. */
export function commandWords(program: Command): CommandWords[] {
  return program.commands.map((command) => ({
    name: command.name(),
    spellings: [command.name(), ...command.aliases()],
    description: command.description(),
    flags: [...allOptions(command), helpFlag].map(flagWords),
    choices: command.registeredArguments[0]?.argChoices ?? [],
    asked: namesOfArguments(command) !== undefined,
    subcommands: command.commands.map((below) => below.name()),
  }));
}

/** Options of a command and of those below it, each once. */
function allOptions(command: Command): Option[] {
  const options = [command, ...command.commands].flatMap((each) => each.options);
  return [...new Map(options.map((option) => [option.flags, option])).values()];
}

const helpFlag = { long: "--help", short: "-h", description: "show help" };

function flagWords(option: Option | typeof helpFlag): FlagWords {
  const full = option as Partial<Option>;
  return {
    long: option.long ?? undefined,
    short: option.short ?? undefined,
    description: option.description,
    takesValue: full.required === true,
    choices: full.argChoices ?? [],
    folder: /<dir>/.test(full.flags ?? ""),
    asked: full.flags !== undefined && namesOfOption(option as Option) !== undefined,
  };
}

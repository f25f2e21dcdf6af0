import { Command, Option } from "commander";
import {
  addArchiveOptions,
  addOutputOptions,
  addParentOption,
  addPidOption,
  addRevealOption,
  archiveWords,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { PsCommandOptions } from "./run.ts";

export const psCommand: CommandMaker = (run, io) => {
  const command = new Command("ps")
    .description("list the processes of a checkpoint, or show one in full")
    .argument("<archive>", archiveWords)
    .option("--tree", "children below their parents (the default)")
    .addOption(new Option("--flat", "in the order of pids").conflicts("tree"));
  addPidOption(command, "show this process in full");
  addRevealOption(addArchiveOptions(addOutputOptions(addParentOption(command))));
  return command.action((archive: string, options: PsCommandOptions) =>
    run(async () => (await import("./run.ts")).runPs(archive, options, io)),
  );
};

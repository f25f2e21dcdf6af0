import { Command } from "commander";
import {
  addArchiveOptions,
  addOutputOptions,
  addPidOption,
  addRevealOption,
  archiveWords,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { FilesCommandOptions } from "./run.ts";

export const filesCommand: CommandMaker = (run, io) => {
  const command = new Command("files")
    .description("list the descriptors of every process, with the open files behind them")
    .argument("<archive>", archiveWords);
  addPidOption(command, "only what this process has");
  addRevealOption(addArchiveOptions(addOutputOptions(command)));
  return command.action((archive: string, options: FilesCommandOptions) =>
    run(async () => (await import("./run.ts")).runFiles(archive, options, io)),
  );
};

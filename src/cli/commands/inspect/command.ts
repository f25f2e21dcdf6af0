import { Command } from "commander";
import {
  addArchiveOptions,
  addOutputOptions,
  addRevealOption,
  archiveWords,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import { type InspectCommandOptions, runInspect } from "./run.ts";

export const inspectCommand: CommandMaker = (run, io) => {
  const command = new Command("inspect")
    .description("show one archive: whose it is, what it ran, what memory it holds")
    .argument("<archive>", archiveWords)
    .option(
      "--show <sections>",
      "sections, separated by commas: container, archive, runtime, sizes, statistics, processes, memory, mounts, network, annotations, rootfs, problems, or all",
    );
  addRevealOption(addArchiveOptions(addOutputOptions(command)));
  return command.action((archive: string, options: InspectCommandOptions) =>
    run(() => runInspect(archive, options, io)),
  );
};

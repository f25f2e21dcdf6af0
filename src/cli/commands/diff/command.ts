import { Command } from "commander";
import {
  addArchiveOptions,
  addOutputOptions,
  addParentOption,
  addPidOption,
  addRevealOption,
  archiveWords,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { DiffCommandOptions } from "./run.ts";

export const diffCommand: CommandMaker = (run, io) => {
  const command = new Command("diff")
    .description("show what changed from one checkpoint to another; exit code 1 where they differ")
    .argument("<before>", archiveWords)
    .argument("<after>", "the same, of a later time")
    .option(
      "--show <sections>",
      "only these sections, separated by commas: container, image, runtime, processes, environment, descriptors, sockets, mounts, memory, files, findings",
    )
    .option("--pages", "compare the bytes of memory pages too")
    .option("--secrets", "look through memory for secrets that came or went")
    .option("--no-findings", "do not audit both");
  addPidOption(command, "only this process");
  addRevealOption(addArchiveOptions(addOutputOptions(addParentOption(command))));
  return command.action((before: string, after: string, options: DiffCommandOptions) =>
    run(async () => (await import("./run.ts")).runDiff(before, after, options, io)),
  );
};

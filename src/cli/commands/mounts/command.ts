import { Command } from "commander";
import {
  addArchiveOptions,
  addOutputOptions,
  addRevealOption,
  archiveWords,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { MountsCommandOptions } from "./run.ts";

export const mountsCommand: CommandMaker = (run, io) => {
  const command = new Command("mounts")
    .description("show the mounts of every mount namespace as a tree")
    .argument("<archive>", archiveWords);
  addRevealOption(addArchiveOptions(addOutputOptions(command)));
  return command.action((archive: string, options: MountsCommandOptions) =>
    run(async () => (await import("./run.ts")).runMounts(archive, options, io)),
  );
};

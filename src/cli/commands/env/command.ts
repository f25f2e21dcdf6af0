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
import type { EnvCommandOptions } from "./run.ts";

export const envCommand: CommandMaker = (run, io) => {
  const command = new Command("env")
    .description("show the environment of processes, as it lies in their memory")
    .argument("<archive>", archiveWords);
  addPidOption(command, "only this process");
  addRevealOption(addArchiveOptions(addOutputOptions(addParentOption(command))));
  return command.action((archive: string, options: EnvCommandOptions) =>
    run(async () => (await import("./run.ts")).runEnv(archive, options, io)),
  );
};

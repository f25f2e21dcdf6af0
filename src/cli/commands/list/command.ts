import { Command } from "commander";
import { kubeletCheckpoints } from "../../../checkpoint/find-archives.ts";
import type { CommonOptions } from "../../options.ts";
import { addArchiveOptions, addOutputOptions } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import { runList } from "./run.ts";

export const listCommand: CommandMaker = (run, io) => {
  const command = new Command("list")
    .alias("ls")
    .description("list archives: of what, from which runtime, how big, how old, locked down or not")
    .argument("[path...]", `archives and folders of archives (default: ${kubeletCheckpoints})`);
  addArchiveOptions(addOutputOptions(command));
  return command.action((paths: string[], options: CommonOptions) =>
    run(() => runList(paths.length === 0 ? [kubeletCheckpoints] : paths, options, io)),
  );
};

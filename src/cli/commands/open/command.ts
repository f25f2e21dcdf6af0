import { Command } from "commander";
import { kubeletCheckpoints } from "../../../checkpoint/find-archives.ts";
import { isPlugin } from "../../calling.ts";
import { addArchiveOptions, addDebugOption } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { OpenCommandOptions } from "./run.ts";

export const openCommand: CommandMaker = (run, io) => {
  const command = new Command("open")
    .alias("ui")
    .description(
      `walk through checkpoints in a terminal UI${isPlugin(io.calledAs) ? "" : " (also: cryoscope alone)"}`,
    )
    .argument("[path]", `archive, or folder of archives (default: ${kubeletCheckpoints})`)
    .option("--readonly", "leave out every key that changes something")
    .option("--mouse", "let the mouse scroll and choose rows")
    .option("--kubeconfig <file>", "clusters and users (default: KUBECONFIG, ~/.kube/config)")
    .option("--context <name>", "context of the kubeconfig, for nodes and new checkpoints")
    .option("--no-color", "no colour (also NO_COLOR)");
  addDebugOption(addArchiveOptions(command));
  return command.action((path: string | undefined, options: OpenCommandOptions) =>
    run(async () => (await import("./run.ts")).runOpen(path ?? kubeletCheckpoints, options, io)),
  );
};

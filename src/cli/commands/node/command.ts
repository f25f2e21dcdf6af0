import { Command } from "commander";
import { addOutputOptions } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import { type NodeCommandOptions, runNode } from "./run.ts";

export const nodeCommand: CommandMaker = (run, io) => {
  const command = new Command("node")
    .description("say whether this node can checkpoint and restore, need by need, with remedies")
    .option("--root <dir>", "the node's root folder, where it is not this machine's", "/");
  addOutputOptions(command);
  return command.action((options: NodeCommandOptions) => run(() => runNode(options, io)));
};

import { Command } from "commander";
import { isPlugin } from "../../calling.ts";
import { addClusterOptions, addOutputOptions } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { NodeCommandOptions } from "./run.ts";

export const nodeCommand: CommandMaker = (run, io) => {
  const command = new Command("node")
    .description("say whether a node can checkpoint and restore, need by need, with remedies")
    .argument(
      "[name]",
      `a node of the cluster (default: ${isPlugin(io.calledAs) ? "all of them" : "the machine that this runs on"})`,
    )
    .option("--all", "every node of the cluster, one a line")
    .option("--root <dir>", "the node's root folder, where it is not this machine's");
  addOutputOptions(addClusterOptions(command));
  return command.action((name: string | undefined, options: NodeCommandOptions) =>
    run(async () => {
      // What reads hosts and clusters is nothing that other commands should pay for.
      const { runNode } = await import("./run.ts");
      return runNode(name, options, io);
    }),
  );
};

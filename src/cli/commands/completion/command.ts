import { Argument, Command } from "commander";
import type { CommandMaker } from "../../program.ts";
import type { Shell } from "./run.ts";

export const completionCommand: CommandMaker = (run, io) => {
  const command = new Command("completion");
  return command
    .description("print a completion script for a shell")
    .addArgument(new Argument("<shell>", "shell to complete in").choices(["bash", "zsh", "fish"]))
    .action((shell: Shell) =>
      // The tree that this command hangs in, whatever else was added to it.
      run(async () =>
        (await import("./run.ts")).runCompletion(shell, command.parent ?? command, io),
      ),
    );
};

import { Command } from "commander";
import { addOutputOptions, addPermissionsOption } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { SecureCommandOptions } from "./run.ts";

export const secureCommand: CommandMaker = (run, io) => {
  const command = new Command("secure")
    .description("put owner and mode right: archives 0600, folders without write for others")
    .argument("<path...>", "archives and folders; links are never followed")
    .option("--dry-run", "say what would be done, and do nothing");
  addPermissionsOption(addOutputOptions(command));
  return command.action((paths: string[], options: SecureCommandOptions) =>
    run(async () => (await import("./run.ts")).runSecure(paths, options, io)),
  );
};

import { Command, Option } from "commander";
import { addArchiveOptions, addOutputOptions } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { ExtractCommandOptions } from "./run.ts";

export const extractCommand: CommandMaker = (run, io) => {
  const command = new Command("extract")
    .description("write chosen members to files: 0600, never outside the folder, never over a file")
    .argument("<archive>", "archive, or - for standard input")
    .argument(
      "[pattern...]",
      "members by name or glob (** crosses /); OUTER!INNER reaches into an archive inside",
    )
    .option("-C, --directory <dir>", "folder to write below", ".")
    .option("--deleted", "instead of patterns: files that were deleted while they were open")
    .option("--stdout", "write the content of one member to stdout instead")
    .option("--same-mode", "keep permission bits (never set-user-ID)")
    .option("--same-owner", "keep numeric owners (root only)")
    .addOption(
      new Option("--links <policy>", "symbolic links: skip them, or keep those that stay inside")
        .choices(["skip", "keep"])
        .default("skip"),
    );
  addArchiveOptions(addOutputOptions(command));
  return command.action((archive: string, patterns: string[], options: ExtractCommandOptions) =>
    run(async () => (await import("./run.ts")).runExtract(archive, patterns, options, io)),
  );
};

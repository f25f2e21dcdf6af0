import { Command } from "commander";
import { addArchiveOptions, addDebugOption, archiveWords } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { DecodeCommandOptions } from "./run.ts";

export const decodeCommand: CommandMaker = (run, io) => {
  const command = new Command("decode")
    .description("print a CRIU image as JSON, the same as crit's")
    .argument("<archive>", archiveWords)
    .argument("[image]", "image by name: core-1.img, stats-dump, checkpoint/pstree.img")
    .option("--pretty", "indented, with flags, addresses and states by name")
    .option("--all", "decode every image, each to NAME.json below -C")
    .option("-C, --directory <dir>", "folder for --all", ".")
    .option("--output-file <file>", "write the JSON to a new file (0600) instead of stdout")
    .option("-q, --quiet", "no progress and no notes");
  addArchiveOptions(addDebugOption(command));
  return command.action(
    (archive: string, image: string | undefined, options: DecodeCommandOptions) =>
      run(async () => (await import("./run.ts")).runDecode(archive, image, options, io)),
  );
};

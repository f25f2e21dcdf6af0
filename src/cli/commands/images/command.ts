import { Command } from "commander";
import { addArchiveOptions, addOutputOptions, archiveWords } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import { type ImagesCommandOptions, runImages } from "./run.ts";

export const imagesCommand: CommandMaker = (run, io) => {
  const command = new Command("images")
    .description("list every member of an archive, memory page images first")
    .argument("<archive>", archiveWords)
    .option("--nested", "also list archives inside the archive (rootfs diff, volumes, tmpfs)");
  addArchiveOptions(addOutputOptions(command));
  return command.action((archive: string, options: ImagesCommandOptions) =>
    run(() => runImages(archive, options, io)),
  );
};

import { Command } from "commander";
import { addDebugOption } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import { type EncodeCommandOptions, runEncode } from "./run.ts";

export const encodeCommand: CommandMaker = (run, io) => {
  const command = new Command("encode")
    .description("write a CRIU image from JSON, that of decode or of crit, plain or pretty")
    .argument("[json]", "file of JSON, or - for standard input", "-")
    .option("--output-file <file>", "write the image to a new file (0600) instead of stdout");
  return addDebugOption(command).action((json: string, options: EncodeCommandOptions) =>
    run(() => runEncode(json, options, io)),
  );
};

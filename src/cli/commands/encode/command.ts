import { Command } from "commander";
import { addDebugOption } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { EncodeCommandOptions } from "./run.ts";

export const encodeCommand: CommandMaker = (run, io) => {
  const command = new Command("encode")
    .description("write a CRIU image from JSON, that of decode or of crit, plain or pretty")
    .argument("[json]", "file of JSON, or - for standard input", "-")
    .option("--output-file <file>", "write the image to a new file (0600) instead of stdout");
  return addDebugOption(command).action((json: string, options: EncodeCommandOptions) =>
    run(async () => (await import("./run.ts")).runEncode(json, options, io)),
  );
};

import { Command, InvalidArgumentError } from "commander";
import { addArchiveOptions, addOutputOptions, addRevealOption } from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { ExplainCommandOptions } from "./run.ts";

export const explainCommand: CommandMaker = (run, io) => {
  const command = new Command("explain")
    .description("say what went wrong in a log of CRIU or of a runtime, why, and what helps")
    .argument("[log]", "log, archive or folder with one, or - (default) for standard input")
    .option("--log <name>", "a log of the archive by its name (default: those of CRIU)")
    .option("--context <lines>", "lines to show on each side of the error", lines, 2)
    .option("--timeline", "how long each phase took");
  addRevealOption(addArchiveOptions(addOutputOptions(command)));
  return command.action((path: string | undefined, options: ExplainCommandOptions) =>
    run(async () => (await import("./run.ts")).runExplain(path ?? "-", options, io)),
  );
};

function lines(value: string): number {
  if (!/^\d{1,3}$/.test(value)) throw new InvalidArgumentError("Give a number of lines: 0 to 999.");
  return Number(value);
}

import { Command } from "commander";
import {
  addArchiveOptions,
  addOutputOptions,
  addPidOption,
  addRevealOption,
  archiveWords,
} from "../../options.ts";
import type { CommandMaker } from "../../program.ts";
import type { SocketsCommandOptions } from "./run.ts";

export const socketsCommand: CommandMaker = (run, io) => {
  const command = new Command("sockets")
    .description("list sockets with their state, addresses, options and queues")
    .argument("<archive>", archiveWords);
  addPidOption(command, "only those of this process");
  addRevealOption(addArchiveOptions(addOutputOptions(command)));
  return command.action((archive: string, options: SocketsCommandOptions) =>
    run(async () => (await import("./run.ts")).runSockets(archive, options, io)),
  );
};

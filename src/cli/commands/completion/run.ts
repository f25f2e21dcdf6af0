import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { commandWords } from "./tree.ts";
import { zshScript } from "./zsh.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

export type Shell = keyof typeof scripts;

/** Prints the script that is made from a command tree. */
export async function runCompletion(shell: Shell, program: Command, io: Io): Promise<number> {
  await io.out.write(scripts[shell](commandWords(program)));
  return exitCodes.fine;
}

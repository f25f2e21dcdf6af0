import type { Command } from "commander";
import { wrapWords } from "../../report/wrap.ts";
import { type CommandManual, commandManuals, type Row } from "./command-manual.ts";

/** Adds to the help of every command of a tree what manuals say beyond its options. */
export function addManuals(program: Command): void {
  const manuals = new Map(commandManuals(program).map((manual) => [manual.words, manual]));
  const add = (command: Command, words: string): void => {
    const manual = manuals.get(words) as CommandManual;
    // Lists of commands go on showing the one line.
    command.summary(command.description());
    command.description([command.description(), ...manual.about].join("\n\n"));
    command.addHelpText("after", () => helpAfter(manual, widthOf(command)));
    for (const below of command.commands) add(below, `${words} ${below.name()}`.trim());
  };
  add(program, "");
}

function widthOf(command: Command): number {
  return command.configureOutput().getOutHelpWidth?.() ?? 100;
}

/** What stands below the options. */
function helpAfter(manual: CommandManual, width: number): string {
  const parts = [
    [
      "Exit codes:",
      table(
        manual.exits.map(([code, says]) => [String(code), says]),
        width,
      ),
    ],
    ["Environment:", table(manual.environment, width)],
    ["Files:", table(manual.files, width)],
    ["Examples:", manual.examples.flatMap(([line, says]) => [`  # ${says}`, `  ${line}`])],
  ] as const;
  return parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `\n${[title, ...lines].join("\n")}`)
    .join("\n");
}

/** Names in one column, what is said of them wrapped in another. */
function table(rows: readonly Row[], width: number): string[] {
  const column = Math.max(0, ...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, says]) =>
    wrapWords(says, Math.max(20, width - column)).map((line, at) =>
      at === 0 ? `  ${name.padEnd(column - 2)}${line}` : `${" ".repeat(column)}${line}`,
    ),
  );
}

import type { Command } from "commander";
import { wrapWords } from "../../report/wrap.ts";
import { asTyped, type CalledAs, isPlugin } from "../calling.ts";
import { type CommandManual, commandManuals, type Row } from "./command-manual.ts";
import { paragraphs } from "./page.ts";
import { pluginPages } from "./plugin-pages.ts";

/** Adds to the help of every command of a tree what manuals say beyond its options. */
export function addManuals(program: Command, called: CalledAs): void {
  const manuals = new Map(
    commandManuals(program).map((manual) => [manual.words, asCalled(manual, called)]),
  );
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

/** A manual as it is for this caller, with the words that he types. */
function asCalled(manual: CommandManual, called: CalledAs): CommandManual {
  const page = isPlugin(called) ? pluginPages[manual.words] : undefined;
  const { examples } = page ?? manual;
  return {
    ...manual,
    about: page === undefined ? manual.about : paragraphs(page.about),
    examples: examples.map(([line, says]) => [asTyped(line, called), says]),
  };
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

// docs/commands.md, from the manuals of commands.
import type { CommandManual, Row } from "../../../src/cli/manual/command-manual.ts";
import { exitWords } from "../../../src/cli/manual/common.ts";
import { anchor, madeBy, table, withCode } from "./markdown.ts";

/** Options of so many commands stand once. */
const manyCommands = 8;

export function commandReference(manuals: readonly CommandManual[]): string {
  const [program] = manuals as readonly [CommandManual];
  const commands = manuals.filter(({ words }) => words !== "");
  const shared = sharedOptions(commands);
  return `${[
    "# Commands",
    "",
    madeBy("the commands themselves"),
    "",
    ...program.about.flatMap((text) => [withCode(text), ""]),
    "Each command has a page for `man` (`man cryoscope-inspect`), and says the same with `--help`.",
    "",
    ...table(
      ["command", "does"],
      commands.map(({ words, summary }) => [link(words), withCode(summary)]),
    ),
    "## Exit codes",
    "",
    ...table(
      ["code", "means"],
      program.exits.map(([code, says]) => [String(code), withCode(says)]),
    ),
    "What a code means to one command only stands there.",
    "",
    "## Options of many commands",
    "",
    ...table(
      ["option", "does"],
      shared.map(([flags, says]) => [`\`${flags}\``, withCode(says)]),
    ),
    "## Examples",
    "",
    ...examples(program),
    ...commands.flatMap((manual) => section(manual, shared)),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

function link(words: string): string {
  return `[\`${words}\`](#${anchor(`cryoscope ${words}`)})`;
}

function sharedOptions(commands: readonly CommandManual[]): Row[] {
  const counts = new Map<string, { row: Row; count: number }>();
  for (const row of commands.flatMap(({ options }) => options)) {
    const { count } = counts.get(row.join("\n")) ?? { count: 0 };
    counts.set(row.join("\n"), { row, count: count + 1 });
  }
  return [...counts.values()].filter(({ count }) => count >= manyCommands).map(({ row }) => row);
}

function section(manual: CommandManual, shared: readonly Row[]): string[] {
  const isShared = ([flags, says]: Row): boolean =>
    shared.some((row) => row[0] === flags && row[1] === says);
  const also = manual.options.filter(isShared).map(([flags]) => `\`${flags.split(" <")[0]}\``);
  const common: readonly string[] = Object.values(exitWords);
  return [
    `## cryoscope ${manual.words}`,
    "",
    `${capital(withCode(manual.summary))}.`,
    "",
    "```text",
    ...[manual.words, ...manual.aliases].map((words) =>
      `cryoscope ${words} ${manual.usage}`.trimEnd(),
    ),
    "```",
    "",
    ...manual.about.flatMap((text) => [withCode(text), ""]),
    ...table(
      ["argument", "is"],
      manual.arguments.map(([name, says]) => [`\`${name}\``, withCode(says)]),
    ),
    ...(manual.below.length === 0
      ? []
      : [`Commands below it: ${manual.below.map(link).join(", ")}.`, ""]),
    ...table(
      ["option", "does"],
      manual.options
        .filter((row) => !isShared(row))
        .map(([flags, says]) => [`\`${flags}\``, withCode(says)]),
    ),
    ...(also.length === 0
      ? []
      : [
          `And of the [options of many commands](#options-of-many-commands): ${also.join(", ")}.`,
          "",
        ]),
    ...table(
      ["exit code", "means"],
      manual.exits
        .filter(([, says]) => !common.includes(says))
        .map(([code, says]) => [String(code), withCode(says)]),
    ),
    ...table(
      ["file", "is"],
      manual.files.map(([path, says]) => [`\`${path}\``, withCode(says)]),
    ),
    ...examples(manual),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function examples({ examples: rows }: CommandManual): string[] {
  if (rows.length === 0) return [];
  return ["```sh", ...rows.flatMap(([line, says]) => [`# ${says}`, line]), "```", ""];
}

import type { Argument, Command, Option } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { environmentWords, exitWords, gateWords, revealWords } from "./common.ts";
import { type ExitName, type ManualPage, paragraphs } from "./page.ts";
import { manualPages } from "./pages.ts";

/** A name and what is said of it. */
export type Row = readonly [name: string, says: string];

/** All that help, manual pages and the reference say of a command; the words of each stand once. */
export interface CommandManual {
  /** The words that call it: `memory search`; of the program none. */
  readonly words: string;
  readonly aliases: readonly string[];
  /** One line without a full stop. */
  readonly summary: string;
  /** What follows the command on its line, as commander has it: `[options] <archive>`. */
  readonly usage: string;
  readonly about: readonly string[];
  readonly arguments: readonly Row[];
  readonly options: readonly Row[];
  /** Commands below it, by their words. */
  readonly below: readonly string[];
  readonly exits: readonly (readonly [code: number, says: string])[];
  readonly environment: readonly Row[];
  readonly files: readonly Row[];
  readonly examples: readonly Row[];
  readonly security: readonly string[];
  readonly see: readonly string[];
}

/**
 * The manuals of a command and of all below it, in their order in the tree.
 * @throws where a command has no page.
 */
export function commandManuals(command: Command, above = ""): CommandManual[] {
  const words = `${above} ${command.name()}`.trim();
  // The program is called by no word.
  const own = command.parent === null ? "" : words;
  return [manualOf(command, own), ...command.commands.flatMap((it) => commandManuals(it, own))];
}

function manualOf(command: Command, words: string): CommandManual {
  const page = manualPages[words];
  if (page === undefined) throw new Error(`there is no manual of "${words}"`);
  const has = (long: string): boolean => command.options.some((option) => option.long === long);
  const { colour, cluster } = environmentWords;
  return {
    words,
    aliases: command.aliases(),
    summary: (command.summary() || command.description()).replace(/\.$/, ""),
    usage: command.usage(),
    about: paragraphs(page.about),
    arguments: command.registeredArguments.map((it) => [argumentTerm(it), argumentWords(it)]),
    options: command.options.map((option) => [option.flags, optionWords(option)]),
    below: command.commands.map((it) => `${words} ${it.name()}`.trim()),
    exits: exitsOf(page, has),
    environment: [
      ...(has("--no-color") ? colour : []),
      ...(has("--kubeconfig") ? cluster : []),
      ...(page.environment ?? []),
    ],
    files: page.files ?? [],
    examples: page.examples,
    security: [
      ...(has("--permissions") ? paragraphs(gateWords) : []),
      ...(has("--reveal") ? paragraphs(revealWords) : []),
      ...paragraphs(page.security ?? "").filter((it) => it !== ""),
    ],
    see: page.see ?? [],
  };
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentWords({ description, argChoices, defaultValue }: Argument): string {
  return withExtras(description, argChoices, defaultValue);
}

function optionWords({ description, argChoices, defaultValue, negate, mandatory }: Option): string {
  const words = withExtras(description, argChoices, negate ? undefined : defaultValue);
  return mandatory && defaultValue === undefined ? `${words} (required)` : words;
}

function withExtras(
  description: string,
  choices: readonly string[] | undefined,
  value: unknown,
): string {
  const extras = [
    ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
    ...(value === undefined || typeof value === "boolean" ? [] : [`default: ${String(value)}`]),
  ];
  return extras.length === 0 ? description : `${description} (${extras.join("; ")})`;
}

/** Codes that may come of it: those of everybody, those of its options, and those of its page. */
function exitsOf(
  page: ManualPage,
  has: (long: string) => boolean,
): (readonly [code: number, says: string])[] {
  const possible: Record<ExitName, boolean> = {
    fine: true,
    findings: false,
    usage: true,
    archive: has("--permissions"),
    refused: has("--permissions") || has("--output-file"),
    remote: has("--kubeconfig"),
    timeout: has("--kubeconfig"),
    bug: true,
    interrupted: true,
  };
  return (Object.keys(exitCodes) as ExitName[])
    .filter((name) => possible[name] || page.exits?.[name] !== undefined)
    .map((name) => [exitCodes[name], page.exits?.[name] ?? exitWords[name]]);
}

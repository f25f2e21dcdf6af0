import type { Argument, Command, Option } from "commander";
import { commandNamed } from "../../kubectl-flags.ts";

/** What stands where the cursor is. */
type Wanted =
  | { kind: "command" }
  | { kind: "flag" }
  | { kind: "value"; option: Option }
  | { kind: "argument"; argument: Argument }
  | { kind: "nothing" };

/** A command line as far as it was typed. */
export interface Position {
  command: Command;
  wanted: Wanted;
  /** What is there of the word that is completed. */
  begun: string;
  /** Values of options that are there already, by their long names: `--namespace`. */
  given: ReadonlyMap<string, string>;
  /** Words before that are no flags, and no commands. */
  operands: readonly string[];
}

/**
 * Reads words up to the cursor; the last is the one that is completed, and may be empty. Wrong words
 * are passed over: who completes is not done yet.
 */
export function positionIn(program: Command, words: readonly string[]): Position {
  const line = new Line(program);
  for (const word of words.slice(0, -1)) line.take(word);
  return line.at(words.at(-1) ?? "");
}

/** The words before the cursor. */
class Line {
  #command: Command;
  readonly #given = new Map<string, string>();
  readonly #operands: string[] = [];
  /** An option whose value comes next. */
  #pending: Option | undefined;
  /** No `--` yet. */
  #flags = true;

  constructor(program: Command) {
    this.#command = program;
  }

  take(word: string): void {
    if (this.#pending !== undefined) this.#give(this.#pending, word);
    else if (word === "--") this.#flags = false;
    else if (this.#flags && isFlag(word)) this.#takeFlag(word);
    else this.#takeOperand(word);
  }

  at(begun: string): Position {
    const here = {
      command: this.#command,
      given: this.#given,
      operands: this.#operands,
      begun,
    };
    if (this.#pending !== undefined) {
      return { ...here, wanted: { kind: "value", option: this.#pending } };
    }
    if (!this.#flags || !begun.startsWith("-")) {
      return { ...here, wanted: operandAfter(this.#command, this.#operands) };
    }
    if (!begun.startsWith("--") || !begun.includes("=")) {
      return { ...here, wanted: { kind: "flag" } };
    }
    const { option, value = "" } = readFlag(this.#command, begun);
    const wanted: Wanted = option?.required === true ? { kind: "value", option } : nothing;
    return { ...here, wanted, begun: value };
  }

  #takeFlag(word: string): void {
    const { option, value } = readFlag(this.#command, word);
    if (option?.required !== true) return;
    if (value === undefined) this.#pending = option;
    else this.#give(option, value);
  }

  #give({ long }: Option, value: string): void {
    this.#given.set(long ?? "", value);
    this.#pending = undefined;
  }

  #takeOperand(word: string): void {
    const below = this.#operands.length === 0 ? commandNamed(this.#command, word) : undefined;
    if (below === undefined) this.#operands.push(word);
    else this.#command = below;
  }
}

const nothing: Wanted = { kind: "nothing" };

function operandAfter(command: Command, operands: readonly string[]): Wanted {
  if (command.commands.length > 0) return operands.length === 0 ? { kind: "command" } : nothing;
  const known = command.registeredArguments;
  const last = known.at(-1);
  const argument = known[operands.length] ?? (last?.variadic === true ? last : undefined);
  return argument === undefined ? nothing : { kind: "argument", argument };
}

const isFlag = (word: string): boolean => word.startsWith("-") && word !== "-";

/** The option that a word ends with, and the value in the same word: `--as=me`, `-nshop`, `-qo`. */
function readFlag(
  command: Command,
  word: string,
): { option: Option | undefined; value?: string | undefined } {
  if (word.startsWith("--")) {
    const [name = "", ...rest] = word.split("=");
    return { option: optionOf(command, name), ...(rest.length > 0 && { value: rest.join("=") }) };
  }
  for (let at = 1; at < word.length; at++) {
    const option = optionOf(command, `-${word[at]}`);
    if (option?.required !== true) continue;
    const value = word.slice(at + 1);
    return { option, ...(value !== "" && { value }) };
  }
  return { option: undefined };
}

/** An option of the command or, before its word, of one below it. */
function optionOf(command: Command, flag: string): Option | undefined {
  const own = command.options.find(({ long, short }) => long === flag || short === flag);
  if (own !== undefined) return own;
  for (const below of command.commands) {
    const found = optionOf(below, flag);
    if (found !== undefined) return found;
  }
  return undefined;
}

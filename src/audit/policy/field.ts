import type { UsageError } from "../../base/errors.ts";
import { similar } from "../../base/similar.ts";
import { formatCount } from "../../base/units.ts";
import { longestPattern } from "./pattern.ts";
import { type Position, type Tree, yamlFault } from "./yaml-tree.ts";

/** Most characters of a text, and most entries of a list. */
const longestText = 4096;
const mostEntries = 10_000;

/**
 * A value of a policy file that knows its key and its place. Each reader returns the value in the
 * wanted form, or throws a UsageError that names file, line, column, key, what was found and what
 * is allowed.
 */
export class Field {
  readonly #tree: Tree;
  readonly #at: Position;
  readonly #file: string;
  /** `thresholds.maxAge`, `allow[2].expires`. */
  readonly key: string;

  constructor(tree: Tree, file: string, key = "", at: Position = tree.at) {
    this.#tree = tree;
    this.#file = file;
    this.#at = at;
    this.key = key;
  }

  /** Is nothing written here, or `null`? */
  get isNull(): boolean {
    return this.#tree.kind === "scalar" && this.#tree.value === null;
  }

  /** The value, where it is a single one: to look at before it is read. */
  get scalar(): string | number | boolean | null | undefined {
    return this.#tree.kind === "scalar" ? this.#tree.value : undefined;
  }

  fault(what: string, allowed: string, next?: string): UsageError {
    const key = this.key === "" ? "the policy" : this.key;
    const more = { found: this.#found(), allowed, ...(next === undefined ? {} : { next }) };
    return yamlFault(this.#file, this.#at, `${key} ${what}`, more);
  }

  /** Entries of a mapping whose keys are free. */
  entries(): [string, Field][] {
    if (this.#tree.kind !== "mapping") throw this.fault("is no mapping", "keys with values");
    return [...this.#tree.entries].map(([name, { at, value }]) => [
      name,
      new Field(value, this.#file, this.#below(name), value.kind === "scalar" ? value.at : at),
    ]);
  }

  /** Entries of a mapping whose keys are known; another is told with the one that was meant. */
  known<Key extends string>(keys: readonly Key[]): Map<Key, Field> {
    const fields = new Map<Key, Field>();
    for (const [name, field] of this.entries()) {
      if (!(keys as readonly string[]).includes(name)) throw field.#unknownKey(name, keys);
      fields.set(name as Key, field);
    }
    return fields;
  }

  #unknownKey(name: string, keys: readonly string[]): UsageError {
    const at = this.#tree.kind === "scalar" ? this.#at : this.#tree.at;
    return yamlFault(this.#file, at, `${this.key} is no key of a policy`, {
      found: quote(name),
      allowed: keys.join(", "),
      ...meant(name, keys),
    });
  }

  /** A required entry of a mapping that `known` gave. */
  required<Key extends string>(fields: Map<Key, Field>, name: Key, allowed: string): Field {
    const field = fields.get(name);
    if (field !== undefined) return field;
    throw this.fault(`has no ${name}`, allowed);
  }

  list(most = mostEntries): Field[] {
    if (this.#tree.kind !== "list") throw this.fault("is no list", "a list, [] for an empty one");
    const { items } = this.#tree;
    if (items.length > most) {
      throw this.fault("is too long a list", `${formatCount(most)} entries`);
    }
    return items.map((item, at) => new Field(item, this.#file, `${this.key}[${at}]`));
  }

  text(allowed = "a text", longest = longestText): string {
    const value = this.scalar;
    if (typeof value !== "string" || value === "") throw this.fault("is no text", allowed);
    if (value.length > longest) {
      throw this.fault("is too long", `${formatCount(longest)} characters`);
    }
    return value;
  }

  /** A pattern with `*`, `**` and `?`. */
  pattern(): string {
    return this.text("a text or a pattern with *, ** and ?", longestPattern);
  }

  patterns(): string[] {
    return this.list().map((field) => field.pattern());
  }

  truth(): boolean {
    const value = this.scalar;
    if (typeof value === "boolean") return value;
    throw this.fault("is no truth value", "true or false");
  }

  oneOf<Word extends string>(words: readonly Word[], what: string): Word {
    const value = this.scalar;
    if ((words as readonly unknown[]).includes(value)) return value as Word;
    const { next } = typeof value === "string" ? meant(value, words) : {};
    throw this.fault(`is no ${what}`, words.join(", "), next);
  }

  /** An id of something that exists. */
  id(known: readonly string[], what: string, list: string): string {
    const value = this.text(`the id of a ${what}`);
    if (known.includes(value)) return value;
    throw this.unknown(value, known, what, list);
  }

  /** The fault of an id that nothing has. */
  unknown(id: string, known: readonly string[], what: string, allowed: string): UsageError {
    return yamlFault(this.#file, this.#at, `${this.key} names no ${what}`, {
      found: quote(id),
      allowed,
      ...meant(id, known),
    });
  }

  #below(name: string): string {
    const simple = /^[\w-]+$/.test(name) ? `.${name}` : `[${quote(name)}]`;
    return this.key === "" && simple.startsWith(".") ? name : `${this.key}${simple}`;
  }

  #found(): string {
    if (this.#tree.kind === "list") return "a list";
    if (this.#tree.kind === "mapping") return "a mapping";
    const { value } = this.#tree;
    if (value === null) return "nothing";
    return typeof value === "string" ? quote(value) : `${value}`;
  }
}

function meant(word: string, words: Iterable<string>): { next?: string } {
  const near = similar(word, words);
  return near === undefined ? {} : { next: `did you mean ${near}?` };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

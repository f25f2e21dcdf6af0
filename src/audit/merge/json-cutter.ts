import { ArchiveError } from "../../base/errors.ts";
import { JsonCapture } from "./json-capture.ts";

/** What a cutter hands out. Offsets are bytes from the first one that it was given. */
export type Cut =
  | { kind: "begin"; at: number }
  | { kind: "field"; name: string; at: number; value: unknown }
  | { kind: "item"; list: string; index: number; at: number; value: unknown }
  | { kind: "end"; at: number };

/** What is wanted of a document: values of these names whole, lists of these names entry by entry. */
export interface Wanted {
  fields: ReadonlySet<string>;
  lists: ReadonlySet<string>;
}

/** Bytes of one value. An archive's custody lists 100,000 members in half of it. */
const mostBytes = 32 * 1024 * 1024;

/** What is due next. */
type Due =
  | "document"
  | "first-name"
  | "name"
  | "colon"
  | "value"
  | "comma"
  | "first-item"
  | "item"
  | "item-comma";

const words: Readonly<Record<Due, string>> = {
  document: "a report, which begins with {",
  "first-name": 'a name in quotes, or "}"',
  name: "a name in quotes",
  colon: '":"',
  value: "a value",
  comma: '"," or "}"',
  "first-item": 'a value, or "]"',
  item: "a value",
  "item-comma": '"," or "]"',
};

/**
 * Cuts JSON objects, one behind another, into their entries while the bytes come: memory is needed
 * for one entry at a time. What is not wanted is passed over, and only its brackets are looked at.
 */
export class JsonCutter {
  readonly #wanted: Wanted;
  readonly #capture = new JsonCapture(mostBytes);
  #due: Due = "document";
  /** What is being captured; undefined between values. */
  #taking: "name" | "field" | "item" | "nothing" | undefined;
  #name = "";
  #list = "";
  #index = 0;
  #seen = new Set<string>();
  /** Offset of the chunk, and of the value that is being captured. */
  #base = 0;
  #begun = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** @throws ArchiveError where the bytes are no report, with the offset */
  *push(chunk: Uint8Array): Generator<Cut> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#taking !== undefined) {
        const end = this.#capture.take(chunk, at);
        if (end === -1) break;
        const cut = this.#taken();
        if (cut !== undefined) yield cut;
        at = end;
        continue;
      }
      const byte = chunk[at] as number;
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        at += 1;
        continue;
      }
      const cut = this.#step(byte, this.#base + at);
      if (cut !== undefined) yield cut;
      if (this.#taking === undefined) at += 1;
    }
    this.#base += chunk.length;
  }

  /** @throws ArchiveError where a document has begun and not ended */
  finish(): void {
    if (this.#due === "document") return;
    throw new ArchiveError({
      code: "report-truncated",
      what: "the report breaks off",
      where: { offset: this.#base },
      found: "the end of the file",
      allowed: this.#taking === undefined ? words[this.#due] : "the rest of a value",
      next: "take the report from its node again: the disk may have been full, or a log was cut",
    });
  }

  /** A byte between values. */
  #step(byte: number, at: number): Cut | undefined {
    switch (this.#due) {
      case "document":
        if (byte !== 0x7b) throw this.#unexpected(byte, at);
        this.#due = "first-name";
        this.#seen = new Set();
        return { kind: "begin", at };
      case "first-name":
      case "name":
        return this.#nameOrEnd(byte, at);
      case "colon":
        if (byte !== 0x3a) throw this.#unexpected(byte, at);
        this.#due = "value";
        return undefined;
      case "value":
        this.#value(byte, at);
        return undefined;
      case "comma":
        if (byte === 0x7d) return this.#end(at);
        if (byte !== 0x2c) throw this.#unexpected(byte, at);
        this.#due = "name";
        return undefined;
      default:
        this.#inList(byte, at);
        return undefined;
    }
  }

  #nameOrEnd(byte: number, at: number): Cut | undefined {
    if (byte === 0x7d && this.#due === "first-name") return this.#end(at);
    if (byte !== 0x22) throw this.#unexpected(byte, at);
    this.#take("name", byte, at);
    return undefined;
  }

  #value(byte: number, at: number): void {
    const { fields, lists } = this.#wanted;
    if (byte === 0x5b && lists.has(this.#name)) {
      this.#list = this.#name;
      this.#index = 0;
      this.#due = "first-item";
      return;
    }
    const wanted = fields.has(this.#name) || lists.has(this.#name);
    this.#take(wanted ? "field" : "nothing", byte, at);
  }

  #inList(byte: number, at: number): void {
    if (byte === 0x5d && this.#due !== "item") this.#due = "comma";
    else if (this.#due !== "item-comma") this.#take("item", byte, at);
    else if (byte === 0x2c) this.#due = "item";
    else throw this.#unexpected(byte, at);
  }

  #take(what: "name" | "field" | "item" | "nothing", byte: number, at: number): void {
    // What can begin no value would have no end either.
    if (byte === 0x2c || byte === 0x3a || byte === 0x5d || byte === 0x7d) {
      throw this.#unexpected(byte, at);
    }
    this.#taking = what;
    this.#begun = at;
    this.#capture.begin(byte, at, what !== "nothing");
  }

  #taken(): Cut | undefined {
    const what = this.#taking;
    this.#taking = undefined;
    if (what === "name") {
      this.#named(this.#capture.value() as string);
      return undefined;
    }
    if (what === "item") {
      this.#due = "item-comma";
      const index = this.#index++;
      const value = this.#capture.value();
      return { kind: "item", list: this.#list, index, at: this.#begun, value };
    }
    this.#due = "comma";
    if (what === "nothing") return undefined;
    return { kind: "field", name: this.#name, at: this.#begun, value: this.#capture.value() };
  }

  #named(name: string): void {
    const { fields, lists } = this.#wanted;
    if (fields.has(name) || lists.has(name)) {
      if (this.#seen.has(name)) {
        throw new ArchiveError({
          code: "report-syntax",
          what: "the report says something twice",
          where: { offset: this.#begun },
          found: `a second ${JSON.stringify(name)}`,
          allowed: "each name once",
          next: "take the report from its node again",
        });
      }
      this.#seen.add(name);
    }
    this.#name = name;
    this.#due = "colon";
  }

  #end(at: number): Cut {
    this.#due = "document";
    return { kind: "end", at: at + 1 };
  }

  #unexpected(byte: number, at: number): ArchiveError {
    const readable = byte > 0x20 && byte < 0x7f;
    return new ArchiveError({
      code: "report-syntax",
      what: "the report is not JSON",
      where: { offset: at },
      found: readable
        ? JSON.stringify(String.fromCharCode(byte))
        : `byte 0x${byte.toString(16).padStart(2, "0")}`,
      allowed: words[this.#due],
      next: "give what cryoscope audit -o json printed; of logs, their message alone",
    });
  }
}

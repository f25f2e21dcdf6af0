import { strictText } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { isObject, type JsonObject, valueAt } from "../base/json-object.ts";
import { limits } from "../base/limits.ts";
import type { ProblemLog } from "../base/problem.ts";
import { formatCount } from "../base/units.ts";

/** Files of an archive, for a runtime that looks for its metadata. */
interface MetadataFiles {
  has(name: string): boolean;
  /** Size of a regular file in bytes; undefined where there is none of that name. */
  size(name: string): number | undefined;
  read(name: string): Promise<Uint8Array>;
}

/** JSON documents of an archive, parsed once each. */
export class Documents {
  readonly files: MetadataFiles;
  readonly #problems: ProblemLog;
  readonly #parsed = new Map<string, Promise<unknown>>();

  constructor(files: MetadataFiles, problems: ProblemLog) {
    this.files = files;
    this.#problems = problems;
  }

  /** The document, or undefined where it is missing or, with a problem, cannot be read. */
  json(name: string): Promise<unknown> {
    const known = this.#parsed.get(name);
    if (known !== undefined) return known;
    const parsing = this.#parse(name);
    this.#parsed.set(name, parsing);
    return parsing;
  }

  /** A document that has to be an object. */
  async object(name: string): Promise<JsonObject | undefined> {
    const value = await this.json(name);
    if (value === undefined || isObject(value)) return value;
    this.#problems.add({
      severity: "error",
      code: "bad-metadata",
      message: `${name} holds ${Array.isArray(value) ? "a list" : JSON.stringify(value)?.slice(0, 40)} where a JSON object belongs`,
      where: { member: name },
    });
    this.#parsed.set(name, Promise.resolve(undefined));
    return undefined;
  }

  async #parse(name: string): Promise<unknown> {
    const size = this.files.size(name);
    if (size === undefined) {
      if (this.files.has(name)) this.#complain(name, `${name} is no regular file`);
      return undefined;
    }
    if (size > limits.documentBytes) {
      const message = `${name} has ${formatCount(size)} bytes; allowed ${formatCount(limits.documentBytes)}`;
      this.#complain(name, message);
      return undefined;
    }
    try {
      return this.#decode(name, await this.files.read(name));
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#problems.addFault("bad-metadata", error, { member: name });
      return undefined;
    }
  }

  #decode(name: string, bytes: Uint8Array): unknown {
    const source = strictText(bytes);
    if (source === undefined) {
      this.#complain(name, `${name} is not UTF-8, so it is no JSON`);
      return undefined;
    }
    try {
      return JSON.parse(source) as unknown;
    } catch (error) {
      this.#complain(name, `${name} is no JSON${position(error as Error)}`);
      return undefined;
    }
  }

  #complain(name: string, message: string): void {
    this.#problems.add({
      severity: "error",
      code: "bad-metadata",
      message,
      where: { member: name },
    });
  }
}

/** Where the parser stopped. Its own message quotes the document, which may hold secrets. */
function position({ message }: Error): string {
  const place = /at position (\d+)/.exec(message)?.[1];
  return place === undefined ? "" : `: it goes wrong at character ${place}`;
}

/** A text at a path of keys, or undefined where there is none, or an empty one. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The map of texts at a path; anything that is no text is left out. */
export function textsAt(value: unknown, ...path: string[]): Map<string, string> {
  const found = valueAt(value, ...path);
  const texts = new Map<string, string>();
  if (!isObject(found)) return texts;
  for (const [key, entry] of Object.entries(found)) {
    if (typeof entry === "string") texts.set(key, entry);
  }
  return texts;
}

/** Copies the texts that are there: an absent field stays absent. */
export function present<T extends object>(fields: { [Key in keyof T]: T[Key] | undefined }): T {
  const result = {} as T;
  for (const key of Object.keys(fields) as (keyof T)[]) {
    const value = fields[key];
    if (value !== undefined) result[key] = value as T[keyof T];
  }
  return result;
}

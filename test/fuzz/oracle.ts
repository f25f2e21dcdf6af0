import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { schemaFault } from "./schemas.ts";
import type { Ran } from "./targets/command.ts";
import { unsafeOutput } from "./unsafe.ts";

/** Something that must not be: what was expected of every case did not hold. */
export class Finding extends Error {
  /** One of a few words, for the same kind of thing. */
  readonly what: string;

  constructor(what: string, detail: string) {
    super(`${what}: ${detail}`);
    this.what = what;
  }
}

/** Exit codes that a mutant may lead to. Ours (70) is none. */
const allowedCodes: ReadonlySet<number> = new Set([0, 1, 3, 4]);
const wrongUse = 2;

/** What is expected of a command. */
export interface Expected {
  /** What `-o` said. */
  format: string;
  /** Its output is bytes of the archive. */
  raw: boolean;
  /** It names things that a mutant may have no longer, or the mutant is a setting: 2 is right. */
  usage: boolean;
}

/** Judges what a command did. */
export function judgeRun({ code, out, err }: Ran, { format, raw, usage }: Expected): void {
  if (!allowedCodes.has(code) && !(usage && code === wrongUse))
    throw new Finding(`exit code ${code}`, err.slice(0, 4000));
  const badText = unsafeOutput(err);
  if (badText !== undefined) throw new Finding("unsafe text on stderr", badText);
  if (raw) return;
  const text = out.toString("utf8");
  const bad = unsafeOutput(text);
  if (bad !== undefined) throw new Finding(`unsafe text in ${format}`, bad);
  if (format === "json" && text !== "") judgeJson(text, code);
  if (code === 3 && err === "" && text === "") throw new Finding("exit code 3 without a word", "");
}

function judgeJson(text: string, code: number): void {
  let document: { problems?: { severity: string }[]; kind?: unknown };
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Finding("no JSON", (error as Error).message);
  }
  if (typeof document.kind !== "string") throw new Finding("JSON without kind", text.slice(0, 200));
  const wrong = schemaFault(document.kind, document);
  if (wrong !== undefined) throw new Finding(`${document.kind} against its schema`, wrong);
  const errors =
    Array.isArray(document.problems) &&
    document.problems.some(({ severity }) => severity === "error");
  if (errors && code === 0) throw new Finding("errors and exit code 0", text.slice(0, 200));
}

/** A fault as JSON: what it says, and something to go by. */
export function judgeFault(err: string): void {
  const line = err.split("\n").find((each) => each.startsWith("{"));
  if (line === undefined) return;
  const { error } = JSON.parse(line) as { error?: Record<string, unknown> };
  if (error === undefined) return;
  if (!error["what"]) throw new Finding("a fault without what", line);
  if (!(error["where"] || error["found"] || error["allowed"] || error["next"]))
    throw new Finding("a fault that says no more than what", line);
}

/** The same question has the same answer. */
export function judgeSame(one: Ran, other: Ran): void {
  if (one.code !== other.code)
    throw new Finding("another exit code the second time", `${one.code} ${other.code}`);
  if (one.out.equals(other.out)) return;
  const at = one.out.findIndex((byte, index) => byte !== other.out[index]);
  const around = (bytes: Buffer): string => bytes.toString("utf8", Math.max(0, at - 60), at + 60);
  throw new Finding("another answer the second time", `${around(one.out)} | ${around(other.out)}`);
}

/** Nothing but private files and folders may lie where a command wrote. */
export function judgeWritten(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const { mode } = lstatSync(path);
    const kind = entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
    if (!kind) throw new Finding("a special file was written", path);
    if (!entry.isSymbolicLink() && (mode & 0o7077) !== 0) {
      throw new Finding(
        "a file was written that is not private",
        `${path} ${(mode & 0o7777).toString(8)}`,
      );
    }
  }
}

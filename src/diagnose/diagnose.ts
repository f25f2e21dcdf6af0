import type { KnownError } from "./known-error.ts";
import { knownErrorOf } from "./known-errors.ts";

/** A known error, and the line that shows it. */
export interface Diagnosis {
  error: KnownError;
  /** The line without time stamp and place in the sources, not sanitised. */
  line: string;
}

/**
 * Known errors in a text, the one to act on first: what is an error of its own before what follows
 * from others, then as they stand in the text. Each error is told once, at its first line.
 */
export function diagnose(text: string): Diagnosis[] {
  const found = new Map<KnownError, string>();
  for (const line of text.split("\n")) {
    const error = knownErrorOf(line);
    if (error !== undefined && !found.has(error)) found.set(error, bareLine(line));
  }
  const all = [...found].map(([error, line]) => ({ error, line }));
  return [
    ...all.filter(({ error }) => error.secondary !== true),
    ...all.filter(({ error }) => error.secondary === true),
  ];
}

/** The first line on which CRIU says `Error` that is not a known consequence of something else. */
export function firstErrorLine(text: string): string | undefined {
  const line = text
    .split("\n")
    .find(
      (candidate) =>
        /\bError \([^)]*\):/.test(candidate) && knownErrorOf(candidate)?.secondary !== true,
    );
  return line === undefined ? undefined : bareLine(line);
}

/** Line numbers drift from release to release, and times say nothing here. */
function bareLine(line: string): string {
  return line
    .replace(/^\s*\(\d+\.\d+\)\s*/, "")
    .replace(/\bError \([^)]*\):\s*/, "")
    .trim();
}

/** What to do about a known error, with the file for CRIU's option where the text names the runtime. */
export function remedyOf({ remedy, option }: KnownError, text: string): string {
  if (option === undefined) return remedy;
  const [file, ...others] = configurationFiles(runtimeOf(text));
  const other = others.map((path) => ` (crun: ${path})`).join("");
  return `${remedy}: put the line "${option}" into ${file}${other} on the node`;
}

/** The OCI runtime that a text names, where it names one alone. */
export function runtimeOf(text: string): "runc" | "crun" | null {
  const crun = /\bcrun\b/.test(text);
  const runc = /\brunc\b/.test(text);
  if (crun === runc) return null;
  return crun ? "crun" : "runc";
}

/** Where CRIU's options stand for a runtime; runc's first where it is not known which. */
export function configurationFiles(runtime: "runc" | "crun" | null): string[] {
  return ["runc", "crun"]
    .filter((name) => runtime === null || name === runtime)
    .map((name) => `/etc/criu/${name}.conf`);
}

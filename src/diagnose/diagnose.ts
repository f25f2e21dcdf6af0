import { criuErrors } from "./criu-errors.ts";
import type { KnownError } from "./known-error.ts";
import { phrasePattern } from "./phrase.ts";
import { runtimeErrors } from "./runtime-errors.ts";

/** A known error, and the line that shows it. */
export interface Diagnosis {
  error: KnownError;
  /** The line without time stamp and place in the sources, not sanitised. */
  line: string;
}

/** All that we know of; rows of a list are in the order in which they are tried. */
export const knownErrors: readonly KnownError[] = [...criuErrors, ...runtimeErrors];

let compiled: readonly { error: KnownError; patterns: readonly RegExp[] }[] | undefined;

/**
 * Known errors in a text, the one to act on first: what is an error of its own before what follows
 * from others, then as they stand in the text. Each error is told once, at its first line.
 */
export function diagnose(text: string): Diagnosis[] {
  compiled ??= knownErrors.map((error) => ({
    error,
    patterns: error.phrases.map(phrasePattern),
  }));
  const found = new Map<KnownError, string>();
  for (const line of text.split("\n")) {
    const match = compiled.find(({ patterns }) => patterns.some((pattern) => pattern.test(line)));
    if (match !== undefined && !found.has(match.error)) found.set(match.error, bareLine(line));
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
    .find((candidate) => /\bError \([^)]*\):/.test(candidate) && !isSecondary(candidate));
  return line === undefined ? undefined : bareLine(line);
}

function isSecondary(line: string): boolean {
  return diagnose(line)[0]?.error.secondary === true;
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
  return `${remedy}: put the line "${option}" into ${configurationFile(text)} on the node`;
}

function configurationFile(text: string): string {
  const crun = /\bcrun\b/.test(text);
  const runc = /\brunc\b/.test(text);
  if (crun && !runc) return "/etc/criu/crun.conf";
  if (runc && !crun) return "/etc/criu/runc.conf";
  return "/etc/criu/runc.conf (crun: /etc/criu/crun.conf)";
}

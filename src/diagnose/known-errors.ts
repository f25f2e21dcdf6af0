import { wordlessErrors } from "./circumstances.ts";
import { criuErrors } from "./criu-errors.ts";
import type { KnownError } from "./known-error.ts";
import { type PhrasePattern, phraseParts, phrasePattern } from "./phrase.ts";
import { runtimeErrors } from "./runtime-errors.ts";

/** All that we know of; rows of a list are in the order in which they are tried. */
export const knownErrors: readonly KnownError[] = [
  ...criuErrors,
  ...runtimeErrors,
  ...wordlessErrors,
];

let compiled: readonly { error: KnownError; patterns: readonly PhrasePattern[] }[] | undefined;
let sieve: Uint8Array | undefined;

/** The first known error that one line shows. */
export function knownErrorOf(line: string): KnownError | undefined {
  sieve ??= makeSieve();
  if (!passes(line, sieve)) return undefined;
  compiled ??= knownErrors.map((error) => ({
    error,
    patterns: error.phrases.map(phrasePattern),
  }));
  return compiled.find(({ patterns }) => patterns.some((pattern) => pattern.test(line)))?.error;
}

const slotBits = 20;
/** Characters that a slot is made of: 30 bits hold six, each five bits further than the next. */
const gram = 6;
const window = 0x3fff_ffff;

/** Takes a character into what is known of the last six. */
const rolled = (before: number, code: number): number => ((before << 5) ^ code) & window;
const slotOf = (last: number): number => Math.imul(last, 0x9e37_79b1) >>> (32 - slotBits);

/**
 * Marks how the longest part of each phrase begins. Other people's logs have millions of lines, and
 * to look for every phrase in each of them takes thirty times as long.
 */
function makeSieve(): Uint8Array {
  const marks = new Uint8Array(1 << slotBits);
  for (const phrase of knownErrors.flatMap(({ phrases }) => phrases)) {
    const [longest = ""] = phraseParts(phrase).sort((a, b) => b.length - a.length);
    let last = 0;
    for (let at = 0; at < gram; at += 1) last = rolled(last, longest.charCodeAt(at));
    marks[slotOf(last)] = 1;
  }
  return marks;
}

function passes(line: string, marks: Uint8Array): boolean {
  let last = 0;
  for (let at = 0; at < line.length; at += 1) {
    last = rolled(last, line.charCodeAt(at));
    if (marks[slotOf(last)] === 1) return true;
  }
  return false;
}

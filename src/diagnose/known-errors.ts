import { wordlessErrors } from "./circumstances.ts";
import { criuErrors } from "./criu-errors.ts";
import type { KnownError } from "./known-error.ts";
import { type PhrasePattern, phrasePattern } from "./phrase.ts";
import { runtimeErrors } from "./runtime-errors.ts";

/** All that we know of; rows of a list are in the order in which they are tried. */
export const knownErrors: readonly KnownError[] = [
  ...criuErrors,
  ...runtimeErrors,
  ...wordlessErrors,
];

let compiled: readonly { error: KnownError; patterns: readonly PhrasePattern[] }[] | undefined;

/** The first known error that one line shows. */
export function knownErrorOf(line: string): KnownError | undefined {
  compiled ??= knownErrors.map((error) => ({
    error,
    patterns: error.phrases.map(phrasePattern),
  }));
  return compiled.find(({ patterns }) => patterns.some((pattern) => pattern.test(line)))?.error;
}

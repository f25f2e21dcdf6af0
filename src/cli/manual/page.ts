import type { exitCodes } from "../exit-codes.ts";

export type ExitName = keyof typeof exitCodes;

/**
 * What help and manuals say of a command beyond its one line and its options. Texts are paragraphs
 * with blank lines between them; line breaks within one mean nothing. `code` stands in backquotes.
 */
export interface ManualPage {
  /** What it does, what it reads and writes, and what it does not do. */
  readonly about: string;
  /** Lines for a shell, and what each is for. A test runs them all. */
  readonly examples: readonly (readonly [line: string, says: string])[];
  /** What exit codes mean here, where that is more than what they mean everywhere. */
  readonly exits?: Partial<Record<ExitName, string>>;
  /** Files that it knows by itself. */
  readonly files?: readonly (readonly [path: string, what: string])[];
  readonly environment?: readonly (readonly [name: string, what: string])[];
  /** What may go wrong for whoever trusts the result, or for the owner of the memory. */
  readonly security?: string;
  /** Commands by their words (`memory search`), and pages of others (`criu(8)`). */
  readonly see?: readonly string[];
}

/** The paragraphs of a text, each on one line. */
export function paragraphs(text: string): string[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s+/g, " "));
}

import { UsageError } from "../base/errors.ts";
import type { Kernel } from "./kernel/kernel.ts";

/** A place in a window where something was found. */
export interface Match {
  start: number;
  /** First byte behind it. */
  end: number;
}

/** Finds things in memory, window by window. */
export interface Matcher {
  /** Bytes before a window's new part that are kept, so that a look back is possible. */
  readonly lookBack: number;
  /** Longest match in bytes. */
  readonly longest: number;
  /**
   * Matches in ascending order, not overlapping, that begin at `from` or later.
   * @param kernel may hold the window in its memory already.
   */
  matches(window: Uint8Array, from: number, kernel: Kernel): Match[];
}

/** Finds a fixed sequence of bytes. */
export function literalMatcher(pattern: Uint8Array): Matcher {
  if (pattern.length === 0) throw nothingToFind();
  const needle = Buffer.from(pattern);
  const { first, second } = rareBytes(needle);
  const a = needle[first] as number;
  const b = needle[second] as number;
  return {
    lookBack: 0,
    longest: needle.length,
    matches: (window, from, kernel) => {
      kernel.load(window);
      const haystack = asBuffer(window);
      const found: Match[] = [];
      const to = window.length - needle.length + 1 + first;
      let at = kernel.find(from + first, to, a, b, second - first);
      while (at < to) {
        const start = at - first;
        const same = haystack.compare(needle, 0, needle.length, start, start + needle.length) === 0;
        if (same) found.push({ start, end: start + needle.length });
        const next = same ? start + needle.length : start + 1;
        at = kernel.find(next + first, to, a, b, second - first);
      }
      return found;
    },
  };
}

/** Bytes that fill memory: a pattern is looked for by others of its bytes where it has some. */
const common = new Map(
  [...Buffer.from("\0\xff etaoinsrhldcumfpgwybvkxjqz0123456789_./-", "latin1")].map(
    (byte, rank) => [byte, rank],
  ),
);

/** Places of the two rarest bytes of a pattern, in order; the same place where it has but one. */
function rareBytes(needle: Uint8Array): { first: number; second: number } {
  const rank = (at: number): number => common.get(needle[at] as number) ?? 99;
  const places = [...needle.keys()].sort((x, y) => rank(y) - rank(x) || x - y);
  const [one = 0, two = one] = places;
  return { first: Math.min(one, two), second: Math.max(one, two) };
}

/** Longest match of a regular expression; longer ones are cut there. */
const longestExpression = 64 * 1024;

/**
 * Finds a regular expression (JavaScript's syntax) in bytes. A character beyond ASCII in the
 * pattern stands for its UTF-8 bytes; `\xNN` stands for one byte.
 */
export function expressionMatcher(source: string, ignoreCase = false): Matcher {
  const expression = compile(source, ignoreCase);
  return {
    lookBack: 64,
    longest: longestExpression,
    matches: (window, from) => {
      const text = asBuffer(window).toString("latin1");
      const found: Match[] = [];
      expression.lastIndex = from;
      for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
        const length = Math.min(match[0].length, longestExpression);
        // An expression that matches nothing would match everywhere.
        if (length === 0) expression.lastIndex += 1;
        else found.push({ start: match.index, end: match.index + length });
      }
      return found;
    },
  };
}

function compile(source: string, ignoreCase: boolean): RegExp {
  if (source === "") throw nothingToFind();
  const bytes = source.replace(/[\u0080-\u{10ffff}]/gu, (character) => {
    const escaped = [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16)}`);
    return `(?:${escaped.join("")})`;
  });
  try {
    return new RegExp(bytes, ignoreCase ? "gim" : "gm");
  } catch (error) {
    throw new UsageError({
      what: "the regular expression cannot be read",
      found: (error as Error).message,
      allowed: "JavaScript's syntax",
      cause: error,
    });
  }
}

/** Bytes of a text such as `6d 79:73`, with blanks and colons as one likes. */
export function parseHexPattern(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, "").replace(/[\s:]/g, "");
  if (/^([0-9a-fA-F]{2})+$/.test(digits)) return Buffer.from(digits, "hex");
  throw new UsageError({
    what: `${JSON.stringify(text)} is no sequence of bytes`,
    allowed: "pairs of hexadecimal digits: 6d79 or 6d:79",
  });
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function nothingToFind(): UsageError {
  return new UsageError({ what: "there is nothing to search for", allowed: "one byte or more" });
}

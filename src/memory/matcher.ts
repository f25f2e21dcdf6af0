import { asBuffer } from "../base/bytes.ts";
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
  const finder = new Finder(pattern);
  return {
    lookBack: 0,
    longest: pattern.length,
    matches: (window, from, kernel) => {
      kernel.load(window);
      const found: Match[] = [];
      let start = finder.next(window, from, kernel);
      while (start !== undefined) {
        const end = start + pattern.length;
        found.push({ start, end });
        start = finder.next(window, end, kernel);
      }
      return found;
    },
  };
}

/** Where a sequence of bytes occurs next, by the kernel and its two rarest bytes. */
class Finder {
  readonly #needle: Buffer;
  readonly #first: number;
  readonly #gap: number;

  constructor(pattern: Uint8Array) {
    this.#needle = Buffer.from(pattern);
    const { first, second } = rareBytes(this.#needle);
    this.#first = first;
    this.#gap = second - first;
  }

  /** The window has to be in the kernel. */
  next(window: Uint8Array, from: number, kernel: Kernel): number | undefined {
    const needle = this.#needle;
    const first = this.#first;
    const a = needle[first] as number;
    const b = needle[first + this.#gap] as number;
    const haystack = asBuffer(window);
    const to = window.length - needle.length + 1 + first;
    for (let at = from + first; ; at += 1) {
      at = kernel.find(at, to, a, b, this.#gap);
      if (at >= to) return undefined;
      const start = at - first;
      if (haystack.compare(needle, 0, needle.length, start, start + needle.length) === 0)
        return start;
    }
  }
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
  const prefix = ignoreCase ? "" : literalPrefix(source);
  if (prefix.length > 1) return prefixedMatcher(source, prefix);
  const expression = compile(source, ignoreCase ? "gim" : "gm");
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

/** What every match begins with, where that can be told at a glance. */
function literalPrefix(source: string): string {
  if (source.includes("|")) return "";
  const plain = /^[\w /:=@,;<>%&~"'!#-]*/.exec(source)?.[0] ?? "";
  // The last of them belongs to a quantifier that may want it no time at all.
  return /^[*?{]/.test(source.slice(plain.length)) ? plain.slice(0, -1) : plain;
}

/** Looks with the kernel for what a match begins with, and with the expression only there. */
function prefixedMatcher(source: string, prefix: string): Matcher {
  const expression = compile(source, "my");
  const finder = new Finder(Buffer.from(prefix));
  return {
    lookBack: 64,
    longest: longestExpression,
    matches: (window, from, kernel) => {
      kernel.load(window);
      const found: Match[] = [];
      let text: string | undefined;
      let start = finder.next(window, from, kernel);
      while (start !== undefined) {
        text ??= asBuffer(window).toString("latin1");
        expression.lastIndex = start;
        const length = Math.min(expression.exec(text)?.[0].length ?? 0, longestExpression);
        if (length > 0) found.push({ start, end: start + length });
        start = finder.next(window, start + Math.max(1, length), kernel);
      }
      return found;
    },
  };
}

function compile(source: string, flags: string): RegExp {
  if (source === "") throw nothingToFind();
  const bytes = source.replace(/[\u0080-\u{10ffff}]/gu, (character) => {
    const escaped = [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16)}`);
    return `(?:${escaped.join("")})`;
  });
  try {
    return new RegExp(bytes, flags);
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

function nothingToFind(): UsageError {
  return new UsageError({ what: "there is nothing to search for", allowed: "one byte or more" });
}

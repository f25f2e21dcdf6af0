import { asBuffer } from "../base/bytes.ts";
import { UsageError } from "../base/errors.ts";
import { findExpression, type Guard } from "./expression/expression.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Probe } from "./secrets/probe.ts";
import { probeMatcher } from "./secrets/probe-matcher.ts";

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
  /** How another thread makes the same matcher; undefined where none can. */
  readonly recipe?: Recipe;
  /**
   * Matches in ascending order, not overlapping, that begin at `from` or later.
   * @param kernel may hold the window in its memory already.
   * @param most after so many it may stop; more may begin where the last of them ends.
   */
  matches(window: Uint8Array, from: number, kernel: Kernel, most?: number): Match[];
}

/** A matcher that tells of the bytes it looks at, on this thread. */
export function watched(matcher: Matcher, look: (bytes: number) => void): Matcher {
  const { lookBack, longest } = matcher;
  return {
    lookBack,
    longest,
    matches: (window, from, kernel) => {
      look(window.length - from);
      return matcher.matches(window, from, kernel);
    },
  };
}

/** What a matcher is made of, as it goes from thread to thread. */
export type Recipe =
  | { bytes: Uint8Array }
  | { expression: string; ignoreCase: boolean }
  | { probes: readonly Probe[] };

export function matcherOf(recipe: Recipe): Matcher {
  if ("bytes" in recipe) return literalMatcher(recipe.bytes);
  if ("probes" in recipe) return probeMatcher(recipe.probes);
  return expressionMatcher(recipe.expression, recipe.ignoreCase);
}

/** Finds a fixed sequence of bytes. */
export function literalMatcher(pattern: Uint8Array): Matcher {
  if (pattern.length === 0) throw nothingToFind();
  const finder = new Finder(pattern);
  return {
    lookBack: 0,
    longest: pattern.length,
    recipe: { bytes: pattern },
    matches: (window, from, kernel, most = Number.POSITIVE_INFINITY) => {
      kernel.load(window);
      const found: Match[] = [];
      let start = finder.next(window, from, kernel);
      while (start !== undefined && found.length < most) {
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

/**
 * Finds a regular expression (JavaScript's syntax) in bytes. A character beyond ASCII in the
 * pattern stands for its UTF-8 bytes; `\xNN` stands for one byte.
 * @param guard calls what keeps the engine busy, which some expressions do for very long
 */
export function expressionMatcher(
  source: string,
  ignoreCase = false,
  guard: Guard = (work) => work(),
): Matcher {
  if (source === "") throw nothingToFind();
  try {
    const matcher = findExpression(bytewise(source), ignoreCase ? "im" : "m", guard);
    return { ...matcher, recipe: { expression: source, ignoreCase } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError({
      what: "the regular expression cannot be read",
      found: error.message,
      allowed: "JavaScript's syntax",
      cause: error,
    });
  }
}

const escapeClassOrWide = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\u0080-\u{10ffff}]/gu;
const wide = /[\u0080-\u{10ffff}]/u;

/** The expression with the UTF-8 bytes of characters that have more than one. */
function bytewise(source: string): string {
  return source.replace(escapeClassOrWide, (token) => {
    const character = wide.exec(token)?.[0];
    if (character === undefined) return token;
    if (token.startsWith("[")) {
      throw new UsageError({
        what: "a class of the regular expression cannot be read",
        found: `${token} with ${character}, which is more than one byte`,
        allowed: "characters of ASCII, and \\xNN for a byte",
        next: `name the others beside it: (?:[a-z]|${character})`,
      });
    }
    const escaped = [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16)}`);
    return `(?:${escaped.join("")})`;
  });
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

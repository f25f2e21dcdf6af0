import { describe, expect, it } from "vitest";
import type { Detector } from "../../../src/memory/secrets/detector.ts";
import { detectors } from "../../../src/memory/secrets/detectors.ts";

const unbounded = /[*+]|\{\d+,\}/;
/** The expression without its classes, in which * and + mean themselves. */
const bare = (expression: RegExp): string =>
  expression.source.replace(/\\./g, "_").replace(/\[[^\]]*\]/g, "c");

/** Counts how often a quantifier stands around a group that has one with a range inside. */
function nestedRanges(source: string): number {
  const opened: boolean[] = [];
  let nested = 0;
  for (let at = 0; at < source.length; at++) {
    const rest = source.slice(at);
    if (rest.startsWith("(")) opened.push(false);
    else if (rest.startsWith(")")) {
      const inside = opened.pop() ?? false;
      const around = /^\)\{(\d+),(\d+)\}/.exec(rest);
      if (inside && around !== null && Number(around[2]) > 16) nested++;
      if (inside && opened.length > 0) opened[opened.length - 1] = true;
    } else if (/^\{\d+,\d+\}/.test(rest) && opened.length > 0) opened[opened.length - 1] = true;
  }
  return nested;
}

const length = 1 << 16;
const fill = (text: string): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);

/** Texts that keep an expression busy: its keywords in a row, and what its classes take behind them. */
function nasty({ keywords }: Detector): string[] {
  const [keyword = ""] = keywords;
  const tails = [
    "a",
    "A1",
    "-",
    "=",
    " ",
    "\\n",
    "&ab=1",
    "eyJ.",
    "a.",
    ":@",
    "{",
    '"',
    "\\\\",
    "_",
    "/+",
    "\n",
  ];
  return [
    ...keywords.slice(0, 3).map(fill),
    ...keywords.slice(0, 3).map((word) => fill(word.toUpperCase())),
    ...tails.map((tail) => keyword + fill(tail)),
    ...tails.map((tail) => fill(keyword + tail.repeat(20))),
  ];
}

describe.each(detectors.map((detector): [string, Detector] => [detector.id, detector]))(
  "%s",
  (_, detector) => {
    const { expression, keywords, longest, lead } = detector;

    it("is bounded in all that it repeats", () => {
      const source = bare(expression);
      expect(source).not.toMatch(unbounded);
      expect(nestedRanges(source)).toBe(0);
      expect(expression.flags).toMatch(/^[is]*$/);
    });

    it("has keywords that a kernel can look for", () => {
      for (const keyword of keywords) {
        expect(keyword).toMatch(/^[!-~ ]{3,}$/);
        expect(keyword).toBe(keyword.toLowerCase());
      }
      expect(new Set(keywords).size).toBe(keywords.length);
      expect(longest).toBeGreaterThan(0);
      expect(lead ?? 0).toBeLessThan(longest);
    });
  },
);

describe("the rules for expressions", () => {
  it("see what they forbid", () => {
    for (const bad of [/ab+/, /[a-z]*x/, /a{3,}/, /(?:a|\+b)+c/])
      expect(bare(bad)).toMatch(unbounded);
    expect(bare(/[*+]\+{1,3}\*x{2}/)).not.toMatch(unbounded);
    expect(nestedRanges(bare(/(?:a{1,9}b){1,99}/))).toBe(1);
    expect(nestedRanges(bare(/(?:a(?:b{0,9}|c)){0,40}/))).toBe(1);
    expect(nestedRanges(bare(/(?:a{1,9}b){1,8}(?:c)x{1,900}/))).toBe(0);
  });
});

describe("all expressions together", () => {
  // Not by the clock: what would take exponential time would not end within the test's own limit.
  it("come through texts that were made to keep them busy", () => {
    let matched = 0;
    for (const detector of detectors) {
      const judged = (match: RegExpExecArray | null): void => {
        if (match === null) return;
        matched++;
        const groups = match.groups ?? {};
        detector.judge?.({ match: match[0], secret: groups["secret"] ?? match[0], groups });
      };
      const sticky = new RegExp(detector.expression, `${detector.expression.flags}y`);
      for (const text of nasty(detector)) {
        // One that begins with its keyword is asked there alone, another around it.
        const lower = text.toLowerCase();
        if (detector.lead !== 0) judged(detector.expression.exec(text));
        for (const keyword of detector.keywords) {
          let at = lower.indexOf(keyword);
          for (let tries = 0; at !== -1 && tries < 20; tries++) {
            sticky.lastIndex = at;
            judged(sticky.exec(text));
            at = lower.indexOf(keyword, at + 1);
          }
        }
      }
    }
    expect(matched).toBeGreaterThan(0);
  });
});

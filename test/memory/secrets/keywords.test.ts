import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import { Kernel } from "../../../src/memory/kernel/kernel.ts";
import { keywordPlan } from "../../../src/memory/kernel/keyword-plan.ts";

type Place = [start: number, keyword: number];

function naive(text: string, keywords: readonly string[], from: number): Place[] {
  const low = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return keywords.flatMap((keyword, number) => {
    const places: Place[] = [];
    for (let at = low.indexOf(keyword, from); at !== -1; at = low.indexOf(keyword, at + 1)) {
      places.push([at, number]);
    }
    return places;
  });
}

const sorted = (places: Place[]): Place[] => places.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

const letters = fc.constantFrom(..."aAbB_-\0".split(""));
const texts = fc
  .array(fc.oneof(letters, fc.constant("\0".repeat(40)), fc.constant("Key=")), { maxLength: 300 })
  .map((parts) => parts.join(""));
const keywordLists = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom(..."ab_-key=".split("")), minLength: 3, maxLength: 9 }),
  { minLength: 1, maxLength: 40 },
);

describe("the kernel's look for many keywords", () => {
  it("finds what a naive search finds, whatever the case", () => {
    fc.assert(
      fc.property(texts, keywordLists, fc.nat(300), (text, keywords, from) => {
        const kernel = new Kernel(text.length + 1);
        kernel.load(Buffer.from(text, "latin1"));
        const found: Place[] = [];
        kernel.keywords(keywordPlan(keywords), from, text.length, (...place) => found.push(place));
        expect(sorted(found)).toEqual(sorted(naive(text, keywords, from)));
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  it("goes on where there were more than one call tells", () => {
    const text = "abcabd".repeat(40_000);
    const kernel = new Kernel(text.length);
    kernel.load(Buffer.from(text));
    const found: Place[] = [];
    const keywords = ["abc", "bca", "cab", "abd"];
    kernel.keywords(keywordPlan(keywords), 0, text.length, (...place) => found.push(place));
    expect(found.length).toBe(naive(text, keywords, 0).length);
    expect(found.length).toBeGreaterThan(150_000);
  });

  it("refuses keywords that it could not find", () => {
    for (const keyword of ["ab", "Abc", "a".repeat(57), "käse"]) {
      expect(() => keywordPlan([keyword])).toThrow(UsageError);
    }
    expect(() => keywordPlan(Array.from({ length: 9000 }, (_, at) => `key${at}`))).toThrow(
      UsageError,
    );
  });
});

describe("the kernel's look for UTF-16", () => {
  it("finds runs of eight characters and more, wherever they begin", () => {
    const piece = fc.oneof(
      fc
        .string({ unit: fc.constantFrom("a", "~", " "), maxLength: 40 })
        .map((text) => Buffer.from(text, "utf16le").toString("latin1")),
      fc.string({ unit: fc.constantFrom("\0", "a", "\xff"), maxLength: 70 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const kernel = new Kernel(text.length + 1);
        kernel.load(Buffer.from(text, "latin1"));
        const found: [number, number][] = [];
        kernel.wide(0, text.length, (...run) => found.push(run));
        const runs = [...text.matchAll(/(?:[\x20-\x7e]\0){8,}/g)];
        expect(found).toEqual(runs.map(({ 0: run, index }) => [index, index + run.length]));
      }),
      { numRuns: 500, seed: 6 },
    );
  });
});

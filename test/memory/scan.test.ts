import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import {
  expressionMatcher,
  literalMatcher,
  type Matcher,
  parseHexPattern,
} from "../../src/memory/matcher.ts";
import { scan } from "../../src/memory/scan.ts";
import { scanStream } from "../../src/memory/scan-stream.ts";
import { stringsMatcher } from "../../src/memory/strings.ts";

interface Place {
  offset: number;
  length: number;
}

async function scanned(bytes: Uint8Array, matcher: Matcher, step: number): Promise<Place[]> {
  const found: Place[] = [];
  const source = new BufferSource(bytes);
  for await (const batch of scan(source, 0, bytes.length, matcher, step)) {
    for (const match of batch.matches) {
      const { start, end } = match;
      expect(Buffer.from(batch.bytes(match)).equals(bytes.subarray(start, end))).toBe(true);
      found.push({ offset: start, length: end - start });
    }
  }
  return found;
}

/** Memory with few different bytes, so that patterns occur, overlap and touch window borders. */
const memory = fc.uint8Array({ min: 0x60, max: 0x63, maxLength: 400 });

describe("scan", () => {
  it("finds what a naive search of the whole finds, whatever the window", async () => {
    const pattern = fc.uint8Array({ min: 0x60, max: 0x63, minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        memory,
        pattern,
        fc.integer({ min: 1, max: 40 }),
        async (bytes, needle, step) => {
          const naive: Place[] = [];
          for (let at = 0; at + needle.length <= bytes.length; ) {
            const same = needle.every((byte, index) => bytes[at + index] === byte);
            if (same) naive.push({ offset: at, length: needle.length });
            at += same ? needle.length : 1;
          }
          expect(await scanned(bytes, literalMatcher(needle), step)).toEqual(naive);
        },
      ),
      { numRuns: 400, seed: 3 },
    );
  });

  it("finds what a regular expression over the whole finds", async () => {
    const expressions = [
      ...["a+", "ab|bc", "a.c", "[ab]{2,7}c", "(?<=a)b", "c(?=a)", "\\Bb"],
      // These begin with what the kernel can look for.
      ...["aab+", "ab[bc]*", "abc?a", "aba{0,2}", "ab(?!c)", "bab*", "ab.$"],
    ];
    await fc.assert(
      fc.asyncProperty(
        memory,
        fc.constantFrom(...expressions),
        fc.integer({ min: 1, max: 64 }),
        async (bytes, source, step) => {
          const naive: Place[] = [];
          for (const match of Buffer.from(bytes)
            .toString("latin1")
            .matchAll(new RegExp(source, "gm"))) {
            naive.push({ offset: match.index, length: match[0].length });
          }
          // The real limit is 64 KiB; a small one makes windows of a few bytes possible.
          const matcher = { ...expressionMatcher(source), longest: 450 };
          expect(await scanned(bytes, matcher, step)).toEqual(naive);
        },
      ),
      { numRuns: 900, seed: 5 },
    );
  });

  it("finds the same in a stream, whatever its chunks", async () => {
    const short = { ...expressionMatcher("a+b|c"), longest: 450 };
    const expressions = [literalMatcher(Buffer.from("aab")), short];
    await fc.assert(
      fc.asyncProperty(
        fc.array(memory, { maxLength: 30 }),
        fc.constantFrom(...expressions),
        fc.integer({ min: 0, max: 5 }),
        async (chunks, matcher, context) => {
          const whole = Buffer.concat(chunks);
          const expected = await scanned(whole, matcher, 1 << 20);
          const found: Place[] = [];
          const stream = (async function* () {
            yield* chunks;
          })();
          for await (const batch of scanStream(stream, matcher, context, 50)) {
            for (const { offset, bytes, before, after } of batch) {
              found.push({ offset, length: bytes.length });
              const end = offset + bytes.length;
              expect(Buffer.from(before)).toEqual(
                whole.subarray(Math.max(0, offset - context), offset),
              );
              expect(Buffer.from(after)).toEqual(whole.subarray(end, end + context));
            }
          }
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it("finds texts across windows once, in each encoding", async () => {
    const text = "ünïcode text of some length";
    for (const encoding of ["utf8", "utf16le"] as const) {
      const bytes = Buffer.concat([
        Buffer.alloc(70_000, 1),
        Buffer.from("plain ascii text", encoding === "utf8" ? "utf8" : "utf16le"),
        Buffer.alloc(64_000),
      ]);
      for (const step of [65_536, 70_001, 70_004, 70_013]) {
        const found = await scanned(bytes, stringsMatcher(encoding, 6), step);
        expect(found).toEqual([{ offset: 70_000, length: encoding === "utf8" ? 16 : 32 }]);
      }
    }
    const wide = Buffer.concat([Buffer.alloc(9), Buffer.from(text), Buffer.alloc(9)]);
    expect(await scanned(wide, stringsMatcher("utf8", 6), 1000)).toEqual([
      { offset: 9, length: Buffer.byteLength(text) },
    ]);
    expect((await scanned(wide, stringsMatcher("ascii", 6), 1000)).length).toBe(1);
  });

  it("takes a character beyond ASCII for its bytes, and refuses it in a class", async () => {
    const bytes = Buffer.from("[é]+é(x)");
    expect(await scanned(bytes, expressionMatcher("\\[\\é]|é+"), 100)).toEqual([
      { offset: 0, length: 4 },
      { offset: 5, length: 2 },
    ]);
    expect(() => expressionMatcher("a[bé]")).toThrow(/class/);
    expect(() => expressionMatcher("a(")).toThrow(/cannot be read/);
    expect(() => expressionMatcher("")).toThrow(/nothing/);
  });

  it("reads patterns of bytes, and refuses what is none", () => {
    expect([...parseHexPattern("6d:79 00")]).toEqual([0x6d, 0x79, 0]);
    for (const wrong of ["", "6", "zz", "0x"])
      expect(() => parseHexPattern(wrong)).toThrow(/no sequence/);
  });
});

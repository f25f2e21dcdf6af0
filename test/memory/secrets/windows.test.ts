import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BufferSource } from "../../../src/archive/buffer-source.ts";
import { FileSource } from "../../../src/archive/file-source.ts";
import type { Extent } from "../../../src/memory/extents.ts";
import { Kernel } from "../../../src/memory/kernel/kernel.ts";
import { matcherOf } from "../../../src/memory/matcher.ts";
import { scanFiles } from "../../../src/memory/parallel/scan-files.ts";
import { scan } from "../../../src/memory/scan.ts";
import type { Detector } from "../../../src/memory/secrets/detector.ts";
import { Examiner } from "../../../src/memory/secrets/examine.ts";
import { surest } from "../../../src/memory/secrets/overlaps.ts";
import { probeOf } from "../../../src/memory/secrets/probe.ts";
import { matchLength, probeMatcher } from "../../../src/memory/secrets/probe-matcher.ts";

const parts = { title: "", group: "assignment", severity: "low" } as const;
const detectors: readonly Detector[] = [
  {
    ...parts,
    id: "key",
    keywords: ["key="],
    expression: /key=[a-z]{2,6}(?![a-z])/i,
    longest: 10,
    lead: 0,
  },
  {
    ...parts,
    id: "url",
    keywords: ["://"],
    expression: /[a-z]{1,5}:\/\/(?<secret>[a-z]+)@/,
    longest: 16,
    lead: 5,
  },
  {
    ...parts,
    id: "any",
    keywords: ["k:k", "bab"],
    expression: /(?<![a-z]{3})[a-z:]{2,38}!/s,
    longest: 40,
  },
];
const matcher = probeMatcher(detectors.map(probeOf));

const piece = fc.constantFrom(
  ..."a b k : / @ ! = \0 \n Key= key=ab ://ab@ k:k bab \xff".split(" "),
  "\0".repeat(20),
);
const ascii = fc.array(piece, { maxLength: 60 }).map((all) => all.join(""));
const wide = ascii.map((text) =>
  Buffer.from(text, "latin1").toString("latin1").replaceAll("\xff", ""),
);
const texts = fc
  .array(
    fc.oneof(
      ascii,
      wide.map((text) => Buffer.from(text, "utf16le").toString("latin1")),
    ),
    {
      maxLength: 6,
    },
  )
  .map((all) => Buffer.from(all.join(""), "latin1"));

/** Places of a keyword in a text around which its detector matches what is near. */
function matching(text: string, detector: Detector, keyword: string): number[] {
  const { expression, longest, lead = longest } = detector;
  const sticky = new RegExp(expression.source, `${expression.flags}y`);
  const places: number[] = [];
  const low = text.toLowerCase();
  for (let at = low.indexOf(keyword); at !== -1; at = low.indexOf(keyword, at + 1)) {
    const shift = Math.max(0, at - lead - 16);
    const shown = text.slice(shift, at + longest + 16);
    const covers = (start: number): boolean => {
      sticky.lastIndex = start - shift;
      const length = sticky.exec(shown)?.[0].length ?? 0;
      return length <= longest && start + length >= at + keyword.length;
    };
    const starts = Array.from({ length: lead + 1 }, (_, back) => at - back);
    if (starts.some((start) => start >= 0 && covers(start))) places.push(at);
  }
  return places;
}

/** What the engine finds around each keyword of the whole, which no window cuts. */
function naive(bytes: Buffer): number[] {
  const found = new Set<number>();
  const ask = (run: string, place: (at: number) => number): void => {
    for (const detector of detectors) {
      for (const keyword of detector.keywords) {
        for (const at of matching(run, detector, keyword)) found.add(place(at));
      }
    }
  };
  const text = bytes.toString("latin1");
  for (const { 0: run, index } of text.matchAll(/[^\0]+/g)) ask(run, (at) => index + at);
  for (const { 0: run, index } of text.matchAll(/(?:[\t-\r\x20-\x7e]\0){8,}/g)) {
    // Four printable characters in a row are what tells it from small numbers.
    if (!/(?:[\x20-\x7e]\0){4}/.test(run)) continue;
    ask(run.replaceAll("\0", ""), (at) => index + 2 * at);
  }
  return [...found].sort((a, b) => a - b);
}

describe("keywords of secrets", () => {
  it("are told where an expression matches around them in the whole", () => {
    fc.assert(
      fc.property(texts, (bytes) => {
        const found = matcher.matches(bytes, 0, new Kernel(bytes.length + 1));
        expect(found.map(({ start }) => start)).toEqual(naive(bytes));
      }),
      { numRuns: 500, seed: 21 },
    );
  });

  it("are the same wherever windows end", async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 400 }), async (bytes, step) => {
        const whole = matcher.matches(bytes, 0, new Kernel(bytes.length + 1));
        const found: number[] = [];
        const source = new BufferSource(bytes);
        for await (const { matches } of scan(source, 0, bytes.length, matcher, step)) {
          found.push(...matches.map(({ start }) => start));
        }
        expect(found).toEqual(whole.map(({ start }) => start));
      }),
      { numRuns: 300, seed: 22 },
    );
  });

  it("see what stands before them, also in UTF-16, wherever windows end", async () => {
    const text = ` x ${"a".repeat(30)}bab! ${"bab".repeat(9)} :k:k! abcde://ab@ `;
    // What comes behind them lets windows end at each of their bytes.
    const texts = [Buffer.from(text), Buffer.from(text, "utf16le"), Buffer.alloc(200)];
    const bytes = Buffer.concat(texts);
    const expected = naive(bytes);
    expect(expected.length).toBe(6);
    for (let step = 1; step < bytes.length; step++) {
      const found: number[] = [];
      for await (const { matches } of scan(
        new BufferSource(bytes),
        0,
        bytes.length,
        matcher,
        step,
      )) {
        found.push(...matches.map(({ start }) => start));
      }
      expect([step, found]).toEqual([step, expected]);
    }
  });

  it("are examined as they were found", () => {
    const examiner = new Examiner(detectors);
    fc.assert(
      fc.property(texts, (bytes) => {
        for (const { start } of matcher.matches(bytes, 0, new Kernel(bytes.length + 1))) {
          const found = examiner.at(bytes, start);
          expect(found.length).toBeGreaterThan(0);
          for (const { secret, start, end, encoding } of found) {
            const text = bytes.toString(encoding === "ascii" ? "latin1" : "utf16le", start, end);
            expect(text).toBe(secret);
          }
        }
      }),
      { numRuns: 300, seed: 23 },
    );
  });
});

describe("a search in files", () => {
  let folder: string;
  let fd: number;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "cryoscope-test-"));
    fd = openSync(join(folder, "pages"), "w+", 0o600);
  });
  afterAll(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it("finds keywords by several threads wherever pieces end", async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 30, max: 300 }), async (bytes, size) => {
        ftruncateSync(fd, 0);
        writeSync(fd, bytes, 0, bytes.length, 0);
        const pages = new FileSource(fd, bytes.length, "pages");
        const extent = { store: { pages }, start: 0n, offset: 0, length: bytes.length, owners: [] };
        const found: number[] = [];
        const extents = bytes.length === 0 ? [] : [extent as unknown as Extent];
        for await (const { matches } of scanFiles(extents, matcher, size)) {
          found.push(...matches.map(({ start }) => start));
        }
        expect(found).toEqual(naive(bytes));
      }),
      { numRuns: 60, seed: 24 },
    );
  });

  it("has a recipe that makes the same matcher elsewhere", () => {
    const bytes = Buffer.from("key=abcd key=toolongforit http://ab@");
    const recipe = structuredClone(matcher.recipe);
    if (recipe === undefined) throw new Error("no recipe");
    const kernel = new Kernel(bytes.length);
    const expected = matcher.matches(bytes, 0, kernel);
    expect(expected.length).toBe(2);
    expect(matcherOf(recipe).matches(bytes, 0, kernel)).toEqual(expected);
  });
});

describe("pages that were made to take long", () => {
  const slow: Detector = {
    ...parts,
    id: "slow",
    keywords: ["eyj"],
    expression: /eyJ[\w-]{8,8000}\.x/,
    longest: 8020,
    lead: 0,
  };

  it("cost no more than so much for each byte, and that is said", () => {
    const hostile = probeMatcher([probeOf(slow)]);
    const bytes = Buffer.alloc(256 * 1024, "eyJ");
    bytes.write(" eyJaaaaaaaaaa.x ", 200_000);
    const [first, ...others] = hostile.matches(bytes, 0, new Kernel(bytes.length));
    // Each of 87,381 keywords would take 8,000 characters: 700 MB of work in 256 KB.
    expect(first && first.end - first.start).toBe(matchLength.crowded);
    expect(others).toEqual([]);
  });

  it("are not looked at closer everywhere, and that is said where it begins", () => {
    const bytes = Buffer.alloc(128 * 1024, "key=abcd ");
    const matches = matcher.matches(bytes, 0, new Kernel(bytes.length));
    const lengths = matches.map(({ start, end }) => end - start);
    expect(lengths.filter((length) => length === matchLength.found).length).toBe(256 + 1024);
    expect(lengths.indexOf(matchLength.crowded)).toBe(256 + 1024);
  });

  it("find what they hold as long as keywords are not crowded", () => {
    const patient = probeMatcher([probeOf(slow)]);
    const bytes = Buffer.alloc(256 * 1024, `eyJ${"a".repeat(200)} `);
    bytes.write(" eyJaaaaaaaaaa.x ", 200_000);
    expect(patient.matches(bytes, 0, new Kernel(bytes.length))).toEqual([
      { start: 200_001, end: 200_002 },
    ]);
  });
});

describe("secrets that overlap", () => {
  const sighted = (id: string, start: number, end: number, proof: "form" | "structure") => ({
    by: { ...parts, id, group: "token" as const },
    judgement: { proof },
    ...{ start, end, secret: "", prefix: 0, encoding: "ascii" as const },
  });

  it("are told by the surest alone, and in their order", () => {
    const all = [
      sighted("whole", 0, 30, "form"),
      sighted("inside", 10, 20, "structure"),
      sighted("later", 40, 50, "form"),
      sighted("same", 40, 50, "form"),
    ];
    expect(surest(all).map(({ by }) => by.id)).toEqual(["inside", "later"]);
    const assigned = { ...sighted("name", 12, 14, "structure") };
    assigned.by = { ...assigned.by, group: "assignment" as "token" };
    expect(surest([assigned, ...all]).map(({ by }) => by.id)).toEqual(["inside", "later"]);
  });
});

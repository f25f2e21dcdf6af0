import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileSource } from "../../src/archive/file-source.ts";
import { SliceSource } from "../../src/archive/slice-source.ts";
import type { Extent } from "../../src/memory/extents.ts";
import { expressionMatcher, literalMatcher, type Matcher } from "../../src/memory/matcher.ts";
import { scanFiles } from "../../src/memory/parallel/scan-files.ts";
import { workerText } from "../../src/memory/parallel/worker-text.ts";

type Place = [extent: number, start: number, end: number];

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

/** Extents side by side in one file, behind some bytes of something else. */
function written(parts: readonly Uint8Array[]): Extent[] {
  const head = 7;
  const whole = Buffer.concat([Buffer.alloc(head, "a"), ...parts]);
  ftruncateSync(fd, 0);
  writeSync(fd, whole, 0, whole.length, 0);
  const file = new FileSource(fd, whole.length, "pages");
  const pages = new SliceSource(file, head, whole.length - head);
  let offset = 0;
  return parts.map(({ length }) => {
    const extent = { store: { pages }, start: 0n, offset, length, owners: [] };
    offset += length;
    return extent as unknown as Extent;
  });
}

async function scanned(extents: Extent[], matcher: Matcher, bytes?: number): Promise<Place[]> {
  const found: Place[] = [];
  for await (const { extent, matches } of scanFiles(extents, matcher, bytes)) {
    for (const { start, end } of matches) found.push([extents.indexOf(extent), start, end]);
  }
  return found;
}

function naive(parts: readonly Uint8Array[], expression: RegExp): Place[] {
  return parts.flatMap((part, index) =>
    [...Buffer.from(part).toString("latin1").matchAll(expression)].map(
      (match): Place => [index, match.index, match.index + match[0].length],
    ),
  );
}

const part = fc.uint8Array({ min: 0x61, max: 0x63, minLength: 1, maxLength: 120 });
const expressions = fc.constantFrom(
  ...["a", "aa", "a+", "ab|bc", "a.c", "(?<=a)b", "c(?=a)", "[ab]{2,7}c", "\\Bb", "a{3}", "ab+"],
);
describe("a scan of files in pieces", () => {
  it("finds what the engine finds in each extent, wherever pieces end", async () => {
    const extents = fc.array(part, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        extents,
        expressions,
        fc.integer({ min: 40 }),
        async (parts, source, size) => {
          const found = await scanned(written(parts), expressionMatcher(source), size % 600);
          expect(found).toEqual(naive(parts, new RegExp(source, "gm")));
        },
      ),
      { numRuns: 300, seed: 17 },
    );
  });

  it("finds the same by several threads, in order", async () => {
    expect(workerText).toContain("workerData");
    // So many jobs that other threads have started long before the last.
    const long = fc.uint8Array({ min: 0x61, max: 0x63, minLength: 12_000, maxLength: 20_000 });
    await fc.assert(
      fc.asyncProperty(fc.tuple(long, part, long), expressions, async (parts, source) => {
        const found = await scanned(written(parts), expressionMatcher(source), 10);
        expect(found).toEqual(naive(parts, new RegExp(source, "gm")));
      }),
      { numRuns: 4, seed: 19, endOnFailure: true },
    );
  });

  it("finds what lies across the blocks of a large piece, once", async () => {
    const whole = Buffer.alloc(5 * 2 ** 20);
    const block = 2 ** 20;
    for (let at = block; at < whole.length; at += block) {
      // Matches of many lengths around each place where a block may end.
      for (let near = -70_000; near < 70_000; near += 997) {
        whole.write(`<${"x".repeat(Math.abs(near) % 301)}>`, at + near, "latin1");
      }
    }
    const extents = written([whole]);
    for (const source of ["<x*>", "<x{0,300}>", "x+>", "(?<=<)x+"]) {
      const found = await scanned(extents, expressionMatcher(source));
      expect(found).toEqual(naive([whole], new RegExp(source, "gm")));
    }
    // More than are told at a time.
    const many = await scanned(extents, expressionMatcher("x"));
    expect(many.length).toBeGreaterThan(50_000);
    expect(many).toEqual(naive([whole], /x/g));
    const literal = await scanned(extents, literalMatcher(Buffer.from("x>")));
    expect(literal).toEqual(naive([whole], /x>/g));
  });

  it("says what is wrong with a file that became shorter, whichever thread met it", async () => {
    for (const bytes of [20_000, 1]) {
      const extents = written([Buffer.alloc(20_000, "b")]);
      ftruncateSync(fd, 15_000);
      await expect(scanned(extents, literalMatcher(Buffer.from("a")), bytes)).rejects.toThrow(
        /became shorter/,
      );
    }
  });

  it("leaves no thread behind when nobody wants more", async () => {
    const extents = written([Buffer.alloc(100_000, "a")]);
    const ports = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length;
    const before = ports();
    let count = 0;
    for await (const { matches } of scanFiles(extents, expressionMatcher("a"), 10)) {
      count += matches.length;
      if (count > 80_000) break;
    }
    expect(ports()).toBe(before);
  });
});

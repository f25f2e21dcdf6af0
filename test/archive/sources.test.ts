import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { RangeCollector } from "../../src/archive/retained.ts";
import {
  checkSegments,
  type SparseSegment,
  SparseSource,
} from "../../src/archive/sparse-source.ts";
import { guardZstd } from "../../src/archive/zstd-frames.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { rich, samplePath } from "../support/samples.ts";
import { inChunks, readAll } from "../support/sources.ts";
import { privateFile } from "../support/tar-builder.ts";
import { zstdBomb, zstdStored } from "../support/zstd-builder.ts";

const settings = { seed: 20261122, numRuns: 200 };

/** Gaps and runs in turn make segments that cannot overlap. */
const layout = fc.record({
  runs: fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 12 }),
  tail: fc.nat(60),
});

function sparse({ runs, tail }: { runs: [number, number][]; tail: number }): {
  segments: SparseSegment[];
  stored: Uint8Array;
  whole: Uint8Array;
} {
  const segments: SparseSegment[] = [];
  let offset = 0;
  let length = 0;
  for (const [gap, run] of runs) {
    segments.push({ offset: offset + gap, length: run });
    offset += gap + run;
    length += run;
  }
  const stored = Uint8Array.from({ length }, (_, at) => (at % 255) + 1);
  const whole = new Uint8Array(offset + tail);
  let at = 0;
  for (const segment of segments) {
    whole.set(stored.subarray(at, at + segment.length), segment.offset);
    at += segment.length;
  }
  return { segments, stored, whole };
}

describe("a sparse source", () => {
  test("reads what a file with holes would give", async () => {
    await fc.assert(
      fc.asyncProperty(layout, fc.nat(1200), fc.nat(1200), async (shape, offset, length) => {
        const { segments, stored, whole } = sparse(shape);
        checkSegments(segments, whole.length, stored.length);
        const source = new SparseSource(new BufferSource(stored), segments, whole.length);
        expect(await source.read(offset, length)).toEqual(whole.slice(offset, offset + length));
        expect(await readAll(source.stream(offset, length))).toEqual(
          whole.slice(offset, offset + length),
        );
      }),
      settings,
    );
  });
});

describe("a range collector", () => {
  test("keeps a range that ends with the last chunk", () => {
    const kept: [number, Uint8Array][] = [];
    const collector = new RangeCollector([{ offset: 2, length: 4 }], (start, part) =>
      kept.push([start, part]),
    );
    collector.push(Uint8Array.of(0, 1, 2));
    collector.push(Uint8Array.of(3, 4, 5));
    expect(kept).toEqual([[2, Uint8Array.of(2, 3, 4, 5)]]);
  });

  test("keeps what slicing would", () => {
    const chunks = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(layout, chunks, ({ runs }, lengths) => {
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const bytes = Uint8Array.from({ length: total }, (_, at) => at & 0xff);
        let offset = 0;
        const ranges = runs.flatMap(([gap, length]) => {
          const range = { offset: offset + gap, length };
          offset += gap + length;
          return length > 0 ? [range] : [];
        });
        const kept = new Map<number, Uint8Array>();
        const collector = new RangeCollector(ranges, (start, part) => kept.set(start, part));
        let at = 0;
        for (const length of lengths) {
          collector.push(bytes.subarray(at, at + length));
          at += length;
        }
        const whole = ranges.filter((range) => range.offset + range.length <= total);
        expect([...kept.keys()]).toEqual(whole.map((range) => range.offset));
        for (const range of whole) {
          expect(kept.get(range.offset)).toEqual(
            bytes.slice(range.offset, range.offset + range.length),
          );
        }
      }),
      settings,
    );
  });
});

describe("the guard of zstd frames", () => {
  const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const frames: [string, () => Buffer][] = [
    [
      "a frame of the zstd tool",
      () => readFileSync(samplePath("podman/busybox-crun-zstd.tar.zst")),
    ],
    ["stored blocks", () => zstdStored(Buffer.alloc(300_000, "stored"))],
    ["repeated blocks", () => zstdBomb(Buffer.from("x"), 1000)],
    [
      "frames after one another, and one to be skipped",
      () => Buffer.concat([zstdStored(Buffer.from("a")), skippable, zstdStored(Buffer.from("b"))]),
    ],
  ];
  test.each(frames)("passes %s as it is, however it arrives", async (_name, make) => {
    const bytes = make();
    for (const lengths of [[1], [2, 3, 5, 7], [1021], [1_000_000]]) {
      const passed = await readAll(guardZstd(inChunks(bytes, lengths)));
      expect(Buffer.from(passed).equals(bytes)).toBe(true);
    }
  });

  test.each(frames)("knows that %s was cut, however it arrives", async (_name, make) => {
    const bytes = make().subarray(0, -1);
    for (const lengths of [[1], [2, 3, 5, 7], [1_000_000]]) {
      await expect(readAll(guardZstd(inChunks(bytes, lengths)))).rejects.toThrow("unexpected end");
    }
  });

  test("refuses a window of 2 GiB, however it arrives", async () => {
    const huge = zstdStored(Buffer.from("x"), { windowExponent: 21 });
    const behind = Buffer.concat([zstdStored(Buffer.from("first")), huge]);
    const arrivals = [[1], [3], [1000]].flatMap((lengths) =>
      [huge, behind].map((bytes) => ({ bytes, lengths })),
    );
    for (const { bytes, lengths } of arrivals) {
      await expect(readAll(guardZstd(inChunks(bytes, lengths)))).rejects.toMatchObject({
        kind: "archive",
      });
    }
  });

  test("takes the largest window that the zstd tool takes by default", async () => {
    const bytes = zstdStored(Buffer.from("x"), { windowExponent: 17 });
    expect(await readAll(guardZstd(inChunks(bytes, [4])))).toEqual(new Uint8Array(bytes));
  });
});

describe("members of one tar, stored in three ways", () => {
  const forms: [string, (tar: Buffer) => Buffer][] = [
    ["gzip", (tar) => gzipSync(tar)],
    [
      "several gzip members",
      (tar) => {
        const half = Math.floor(tar.length / 2);
        return Buffer.concat([gzipSync(tar.subarray(0, half)), gzipSync(tar.subarray(half))]);
      },
    ],
    ["zstd", (tar) => zstdStored(tar)],
  ];
  test.each(forms)("%s gives what plain gives", async (_name, compress) => {
    const tar = (await CheckpointBuilder.from(rich))
      .add("big.bin", Buffer.alloc(9 << 20, 7))
      .bytes();
    const options = { permissions: "owner" } as const;
    const plain = await openArchive(privateFile(tar), options);
    const other = await openArchive(privateFile(compress(tar)), options);
    expect(other.problems).toEqual(plain.problems);
    expect(other.members).toEqual(plain.members);
    for (const found of plain.members) {
      if (found.type !== "file") continue;
      const expected = await readAll(plain.open(found).stream());
      const got = await readAll(other.open(found).stream());
      expect(Buffer.from(got).equals(expected), found.name).toBe(true);
      // Reads at random come from memory or from another pass: the same bytes either way.
      const middle = Math.floor(found.size / 2);
      const part = await other.read(found, middle, 100);
      expect(Buffer.from(part).equals(expected.subarray(middle, middle + 100))).toBe(true);
    }
    await plain.close();
    await other.close();
  });
});

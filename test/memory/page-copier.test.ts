import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../src/base/byte-source.ts";
import { PageCopier } from "../../src/memory/page-copier.ts";
import { inChunks } from "../support/sources.ts";

const size = 1_500_000;
const bytes = Buffer.from(
  Uint32Array.from({ length: size / 4 }, (_, at) => at * 2654435761).buffer,
);

/** Can be read at any place; counts the reads that are under way. */
class SeekingSource implements ByteSource {
  readonly size = size;
  reading = 0;
  broken = Number.POSITIVE_INFINITY;

  async read(offset: number, length: number): Promise<Uint8Array> {
    return bytes.subarray(offset, offset + length);
  }

  async readInto(offset: number, target: Uint8Array): Promise<void> {
    this.reading += 1;
    await new Promise(setImmediate);
    this.reading -= 1;
    if (offset + target.length > this.broken) throw new Error("broken disk");
    target.set(bytes.subarray(offset, offset + target.length));
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    yield* [];
    throw new Error("nobody should stream this");
  }
}

/** Can be read from its start only; counts how often that was done. */
class StreamedSource implements ByteSource {
  readonly size = size;
  passes = 0;

  async read(): Promise<Uint8Array> {
    throw new Error("each read would be a pass over the archive");
  }

  async *stream(offset = 0): AsyncGenerator<Uint8Array> {
    this.passes += 1;
    yield* inChunks(bytes.subarray(offset), [70_000, 1, 300_000]);
  }
}

interface Piece {
  offset: number;
  length: number;
  position: number;
}

async function copied(source: ByteSource, pieces: readonly Piece[]): Promise<Buffer> {
  const file = Buffer.alloc(2 * size);
  const longest = Math.max(...pieces.map(({ length }) => length));
  let told = 0;
  const copier = new PageCopier(
    longest,
    async (part, position) => {
      await new Promise(setImmediate);
      file.set(part, position);
    },
    (length) => {
      told += length;
    },
  );
  for (const { offset, length, position } of pieces) {
    await copier.copy(source, offset, length, position);
  }
  await copier.close();
  expect(told).toBe(pieces.reduce((sum, { length }) => sum + length, 0));
  return file;
}

describe("pages that are copied", () => {
  it("are the same in the file, from a source of either kind", async () => {
    const piece = fc
      .tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 1, max: size }))
      .map(([offset, length]) => ({ offset, length: Math.min(length, size - offset) }));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 4 }), async (list) => {
        let position = 5;
        const pieces = list.slice(0, 1).map((one) => ({ ...one, position }));
        for (const one of list.slice(1)) {
          position += (pieces.at(-1)?.length ?? 0) + 7;
          if (position + one.length < 2 * size) pieces.push({ ...one, position });
        }
        const expected = Buffer.alloc(2 * size);
        for (const { offset, length, position } of pieces) {
          bytes.copy(expected, position, offset, offset + length);
        }
        expect((await copied(new SeekingSource(), pieces)).equals(expected)).toBe(true);
        expect((await copied(new StreamedSource(), pieces)).equals(expected)).toBe(true);
      }),
      { numRuns: 12, seed: 23 },
    );
  });

  it("are one pass over a source that can only be streamed", async () => {
    const source = new StreamedSource();
    const pieces = [0, 1, 2, 3, 4].map((at) => ({
      offset: at * 200_000,
      length: 150_000,
      position: at * 300_000,
    }));
    await copied(source, pieces);
    expect(source.passes).toBe(1);
  });

  it("leave no read under way when the file or the source fails", async () => {
    const source = new SeekingSource();
    const full = new PageCopier(size, async () => {
      throw new Error("no room");
    });
    await expect(full.copy(source, 0, size, 0)).rejects.toThrow("no room");
    expect(source.reading).toBe(0);
    source.broken = 1_200_000;
    const written: number[] = [];
    const copier = new PageCopier(size, async (part) => void written.push(part.length));
    await expect(copier.copy(source, 0, size, 0)).rejects.toThrow("broken disk");
    expect(source.reading).toBe(0);
    expect(written.reduce((sum, length) => sum + length, 0)).toBe(2 ** 20);
  });
});

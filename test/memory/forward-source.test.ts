import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import type { ByteSource } from "../../src/base/byte-source.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { extents } from "../../src/memory/extents.ts";
import { ForwardSource, ForwardSources } from "../../src/memory/forward-source.ts";
import { literalMatcher } from "../../src/memory/matcher.ts";
import { type Hit, search } from "../../src/memory/search.ts";
import { rich } from "../support/samples.ts";
import { inChunks } from "../support/sources.ts";

const size = 1_000_000;
const bytes = Buffer.from(
  Uint32Array.from({ length: size / 4 }, (_, at) => at * 2654435761).buffer,
);

class StreamedSource implements ByteSource {
  readonly size: number = size;
  passes = 0;
  open = 0;
  readonly there: number;

  constructor(there = size) {
    this.there = there;
  }

  async read(): Promise<Uint8Array> {
    throw new Error("each read would be a pass over the archive");
  }

  async *stream(offset = 0): AsyncGenerator<Uint8Array> {
    this.passes += 1;
    this.open += 1;
    try {
      yield* inChunks(bytes.subarray(offset, this.there), [65_536, 1, 100_000]);
    } finally {
      this.open -= 1;
    }
  }
}

describe("a source that can only be streamed", () => {
  it("gives the bytes of any read, asked for one by one or together", async () => {
    const reads = fc.array(
      fc.tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: 400_000 })),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(reads, fc.boolean(), async (reads, together) => {
        const stream = new StreamedSource();
        const source = new ForwardSource(stream);
        const results: Promise<Uint8Array>[] = [];
        for (const [offset, length] of reads) {
          results.push(source.read(offset, length));
          if (!together) await results.at(-1);
        }
        for (const [at, [offset, length]] of reads.entries()) {
          const read = Buffer.from((await results[at]) as Uint8Array);
          expect(read.equals(bytes.subarray(offset, offset + length))).toBe(true);
        }
        await source.close();
        expect(stream.open).toBe(0);
      }),
      { numRuns: 100, seed: 29 },
    );
  });

  it("is passed over once by windows that overlap, with gaps between them", async () => {
    const stream = new StreamedSource();
    const source = new ForwardSource(stream);
    for (const offset of [0, 100_000, 40_000, 300_000, 299_000, 900_000]) {
      await source.read(offset, 100_000);
    }
    expect(stream.passes).toBe(1);
    await source.read(0, 1);
    expect(stream.passes).toBe(2);
    await source.close();
  });

  it("fails where the stream is too short, and can be read before that still", async () => {
    const source = new ForwardSource(new StreamedSource(500_000));
    const both = [source.read(450_000, 100_000), source.read(450_000, 50_000)] as const;
    await expect(both[0]).rejects.toThrow("ends before its size");
    expect(Buffer.from(await both[1]).equals(bytes.subarray(450_000, 500_000))).toBe(true);
    await source.close();
  });

  it("is made once, and only where it is needed", async () => {
    const sources = new ForwardSources();
    const stream = new StreamedSource();
    expect(sources.of(stream)).toBe(sources.of(stream));
    const seeking: ByteSource = Object.assign(new BufferSource(bytes), {
      readInto: async () => {},
    });
    expect(sources.of(seeking)).toBe(seeking);
    await sources.close();
  });
});

describe("a search of pages that can only be streamed", () => {
  /** The sample's memory; `streamed`: each page image counts how often it was passed over. */
  async function hits(streamed: boolean): Promise<{ found: Hit[]; passes: number[] }> {
    const checkpoint = await openCheckpoint(rich, { permissions: "any" });
    const memory = await checkpoint.memory();
    const passes = new Map<object, number>();
    for (const { store } of streamed ? extents(memory) : []) {
      const { pages } = store;
      if (pages === undefined || passes.has(store)) continue;
      passes.set(store, 0);
      const content = await pages.read(0, pages.size);
      const source: ByteSource = {
        size: pages.size,
        read: async () => {
          throw new Error("each read would be a pass over the archive");
        },
        stream: (offset = 0) => {
          passes.set(store, (passes.get(store) ?? 0) + 1);
          return inChunks(content.subarray(offset), [10_000]);
        },
      };
      Object.assign(store, { pages: source });
    }
    const found: Hit[] = [];
    for await (const batch of search(memory, literalMatcher(Buffer.from("e")), { context: 24 })) {
      found.push(...batch);
    }
    await checkpoint.close();
    return { found, passes: [...passes.values()] };
  }

  const hex = ({ bytes: found, before, after, ...rest }: Hit): object => ({
    ...rest,
    text: [before, found, after].map((part) => Buffer.from(part).toString("hex")),
  });

  it("passes over each once, for windows and for what stands around hits", async () => {
    const plain = await hits(false);
    const { found, passes } = await hits(true);
    expect(found.length).toBeGreaterThan(400);
    expect(found.map(hex)).toEqual(plain.found.map(hex));
    expect(passes.length).toBeGreaterThan(3);
    expect(Math.max(...passes)).toBe(1);
  });
});

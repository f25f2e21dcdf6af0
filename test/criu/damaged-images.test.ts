import fc from "fast-check";
import { expect, test } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import type { ByteSource } from "../../src/base/byte-source.ts";
import { ArchiveError } from "../../src/base/errors.ts";
import { ProblemLog } from "../../src/base/problem.ts";
import { readCore } from "../../src/criu/core.ts";
import { decodeMessage } from "../../src/criu/decode.ts";
import { openImage } from "../../src/criu/image.ts";
import { parseImageName } from "../../src/criu/image-name.ts";
import { readMemoryLayout } from "../../src/criu/memory-layout.ts";
import { readPageMap } from "../../src/criu/page-map.ts";
import { readProcessTree } from "../../src/criu/process-tree.ts";
import { readDumpStatistics } from "../../src/criu/statistics.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { containerdCounter, crioCounter, rich } from "../support/samples.ts";

/** Every framed image of the samples, one of each content. */
async function sampleImages(): Promise<{ name: string; bytes: Buffer }[]> {
  const images = new Map<string, { name: string; bytes: Buffer }>();
  for (const sample of [rich, crioCounter, containerdCounter]) {
    const builder = await CheckpointBuilder.from(sample);
    for (const name of builder.names()) {
      const base = name.slice(name.lastIndexOf("/") + 1);
      if (parseImageName(base)?.framed !== true) continue;
      const bytes = builder.content(name);
      images.set(bytes.toString("latin1"), { name: base, bytes });
    }
  }
  return [...images.values()];
}

/** Reads an image by every way there is; throws what is no finding about the archive. */
async function readEveryWay(bytes: Uint8Array): Promise<"whole" | "damaged"> {
  let damaged = false;
  const ways: ((source: ByteSource) => Promise<unknown>)[] = [
    decodeAll,
    readCore,
    readMemoryLayout,
    readDumpStatistics,
    (source) => readPageMap(source, 4096),
    (source) => readProcessTree(source, "pstree.img", new ProblemLog()),
  ];
  for (const [at, way] of ways.entries()) {
    try {
      await way(new BufferSource(bytes));
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      // Readers of other types refuse the image for its type; only the first judges its content.
      if (at === 0) damaged = true;
    }
  }
  return damaged ? "damaged" : "whole";
}

async function decodeAll(source: ByteSource): Promise<void> {
  for await (const batch of (await openImage(source)).frames()) {
    for (const frame of batch) decodeMessage(frame.message, frame.bytes);
  }
}

const images = await sampleImages();

test("the images of the samples are whole", async () => {
  expect(images.length).toBeGreaterThan(60);
  for (const { name, bytes } of images) expect(await readEveryWay(bytes), name).toBe("whole");
});

test("cut anywhere, an image is damaged or shorter, and nothing worse", async () => {
  let damaged = 0;
  for (const { bytes } of images) {
    const step = Math.max(1, Math.floor(bytes.length / 25));
    for (let length = 0; length < bytes.length; length += step) {
      if ((await readEveryWay(bytes.subarray(0, length))) === "damaged") damaged += 1;
    }
  }
  expect(damaged).toBeGreaterThan(500);
});

test("with bits turned over, nothing is thrown but what is found", async () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.nat(images.length - 1), flips, async (which, bits) => {
      const bytes = Buffer.from(images[which]?.bytes as Buffer);
      for (const [at, bit] of bits) {
        const index = at % bytes.length;
        bytes[index] = (bytes[index] as number) ^ (1 << bit);
      }
      await readEveryWay(bytes);
    }),
    { seed: 20261122, numRuns: 1500 },
  );
});

test("of any bytes behind a magic, nothing is thrown but what is found", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(images.length - 1),
      fc.uint8Array({ maxLength: 300 }),
      async (which, tail) => {
        const head = images[which]?.bytes.subarray(0, 8) as Buffer;
        await readEveryWay(Buffer.concat([head, tail]));
      },
    ),
    { seed: 20261122, numRuns: 1000 },
  );
});

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { expectClean, owner } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { privateFile } from "../support/tar-builder.ts";

/** Where a flip hurts: headers and metadata, not the log and the pages. */
const skipped = new Set(["dump.log", "checkpoint/pages-1.img", "checkpoint/pages-2.img"]);

async function smallCheckpoint(): Promise<Buffer> {
  const builder = await CheckpointBuilder.from();
  return builder.drop(...skipped).bytes();
}

const forms: [string, (tar: Buffer) => Buffer][] = [
  ["plain", (tar) => tar],
  ["gzip", (tar) => gzipSync(tar, { level: 1 })],
];

test.each(forms)(
  "whatever bits are turned over in a %s archive, we keep our head",
  async (_name, pack) => {
    const original = await smallCheckpoint();
    const flips = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(7)), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(flips, async (bits) => {
        const tar = Buffer.from(original);
        for (const [at, bit] of bits) tar[at] = (tar[at] as number) ^ (1 << bit);
        const path = privateFile(pack(tar));
        for (const command of [
          ["inspect", "-o", "json"],
          ["images", "--nested"],
        ]) {
          const ran = await run([...command, ...owner, path]);
          expect([0, 3], ran.err).toContain(ran.code);
          expectClean(ran);
        }
      }),
      { seed: 20261122, numRuns: 60 },
    );
  },
);

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { guardZstd } from "../../src/archive/zstd-frames.ts";
import { inspect } from "../../src/checkpoint/inspection.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { hostileCases } from "../support/hostile.ts";
import { samplePath } from "../support/samples.ts";
import { endMarker, header, privateFile } from "../support/tar-builder.ts";
import { zstdBomb, zstdBroken, zstdStored } from "../support/zstd-builder.ts";

const MiB = 1024 * 1024;
const whole = ["cri-o", "lab-node", "counter", "pages-1.img"];
const checkpoint = async (): Promise<Buffer> => (await CheckpointBuilder.from()).bytes();

/** A checkpoint and a last member of zeros, without an end. */
async function withZeros(bytes: number): Promise<Buffer> {
  const tar = (await CheckpointBuilder.from()).bytes(Buffer.alloc(0));
  return Buffer.concat([
    tar,
    header({ name: "zeros", size: bytes }),
    Buffer.alloc(bytes),
    endMarker,
  ]);
}

/** Changes one byte, counted from the end where it is negative. */
function flipped(bytes: Buffer, at: number): Buffer {
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] as number) ^ 0xff;
  return bytes;
}

hostileCases("compressed archives", [
  {
    name: "gzip with a wrong checksum at its end",
    path: async () => privateFile(flipped(gzipSync(await checkpoint()), -8)),
    code: 3,
    says: ["the gzip data is damaged", "incorrect data check"],
    shows: whole,
  },
  {
    name: "gzip with a wrong length at its end",
    path: async () => privateFile(flipped(gzipSync(await checkpoint()), -4)),
    code: 3,
    says: ["the gzip data is damaged", "incorrect length check"],
    shows: whole,
  },
  {
    name: "gzip that was cut in its last bytes",
    path: async () => privateFile(gzipSync(await checkpoint()).subarray(0, -6)),
    code: 3,
    says: ["the gzip data is truncated", "end of file after"],
    shows: whole,
  },
  {
    name: "gzip that was cut in the middle",
    path: async () => {
      const bytes = gzipSync(await checkpoint());
      return privateFile(bytes.subarray(0, bytes.length / 2));
    },
    code: 3,
    says: ["the gzip data is truncated"],
    shows: ["dump.log"],
    command: ["images"],
  },
  {
    name: "gzip that was cut in its header",
    path: async () => privateFile(gzipSync(await checkpoint()).subarray(0, 5)),
    code: 3,
    says: ["the gzip data is truncated"],
  },
  {
    name: "gzip with damage at its beginning",
    path: async () => privateFile(flipped(gzipSync(await checkpoint()), 2)),
    code: 3,
    says: ["the gzip data is damaged", "unknown compression method"],
  },
  {
    name: "gzip of nothing",
    path: () => privateFile(gzipSync("")),
    code: 3,
    says: ["the archive is empty", "0 bytes"],
  },
  {
    name: "gzip of no tar",
    path: () => privateFile(gzipSync("text and more text\n".repeat(100))),
    code: 3,
    says: ["this is no tar archive", "allowed  a tar archive, plain or compressed"],
  },
  {
    name: "gzip of gzip",
    path: async () => privateFile(gzipSync(gzipSync(await checkpoint()))),
    code: 3,
    says: ["this is no tar archive"],
  },
  {
    name: "gzip of a tar without an end marker",
    path: async () => {
      const tar = (await CheckpointBuilder.from()).bytes(Buffer.alloc(0));
      return privateFile(gzipSync(tar));
    },
    code: 3,
    says: ["the archive ends without its end marker, so members may be missing"],
    shows: whole,
  },
  {
    name: "gzip of a tar that was cut in a body",
    path: async () => privateFile(gzipSync((await withZeros(100_000)).subarray(0, -50_000))),
    code: 3,
    says: ["the archive is truncated in member zeros", "100,000 bytes"],
    shows: whole,
  },
  {
    name: "zstd that was cut",
    path: async () => privateFile(zstdStored(await checkpoint()).subarray(0, -2000)),
    code: 3,
    says: ["the zstd data is truncated"],
    // The decoder wants whole blocks, so the last 128 KiB are lost.
    shows: ["pages-1.img"],
  },
  {
    name: "zstd with a block of a reserved type",
    path: async () => privateFile(zstdBroken(await checkpoint())),
    code: 3,
    says: ["the zstd data is damaged"],
    shows: whole,
  },
  {
    name: "zstd that is no zstd behind its magic",
    path: () => privateFile(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...Array(300).fill(0xff)])),
    code: 3,
    says: ["zstd"],
  },
  {
    name: "zstd with a window of 2 GiB",
    path: async () => privateFile(zstdStored(await checkpoint(), { windowExponent: 21 })),
    code: 3,
    says: [
      "a zstd frame wants more memory than any runtime needs",
      "a window of 2.0 GiB",
      "128.0 MiB",
      "zstd -d --long=31",
    ],
  },
  {
    name: "zstd with a single segment of 2^60 bytes",
    path: async () => privateFile(zstdStored(await checkpoint(), { contentSize: 1n << 60n })),
    code: 3,
    says: ["a zstd frame wants more memory than any runtime needs"],
  },
  {
    name: "zstd with a second frame that wants a window of 2 GiB",
    path: async () =>
      privateFile(
        Buffer.concat([
          zstdStored(await checkpoint()),
          zstdStored(Buffer.alloc(10), { windowExponent: 21 }),
        ]),
      ),
    code: 3,
    says: ["a window of 2.0 GiB"],
    shows: whole,
  },
]);

describe("bombs", () => {
  const expansion = { ratio: 20, floorBytes: 4 * MiB };
  const bombs: [string, () => Promise<Buffer>][] = [
    ["gzip", async () => gzipSync(await withZeros(32 * MiB))],
    ["zstd", async () => zstdBomb((await withZeros(0)).subarray(0, -1024), 256)],
  ];

  test.each(bombs)("%s: what came before is shown", async (_name, make) => {
    const path = privateFile(await make());
    const opened = await openCheckpoint(path, { permissions: "owner", expansion });
    const inspection = await inspect(opened);
    await opened.close();
    expect(inspection.runtime.engine).toBe("cri-o");
    expect(inspection.processes).toHaveLength(2);
    expect(inspection.problems.map(({ message }) => message).join("\n")).toMatch(
      /expands far more than memory of a real container does; found .* became more than \d+\.\d MiB; allowed 20 times, once 4\.0 MiB are out/,
    );
  });

  test.each(bombs)("%s: nothing is said below the floor", async (_name, make) => {
    const path = privateFile(await make());
    const floor = { ratio: 20, floorBytes: 64 * MiB };
    const archive = await openArchive(path, { permissions: "owner", expansion: floor });
    const messages = archive.problems.map(({ message }) => message).join("\n");
    expect(messages).not.toContain("expands far more");
    await archive.close();
  });

  test("zstd: a small bomb is not expanded at once", async () => {
    const bomb = zstdBomb(Buffer.alloc(1), 4096);
    let largest = 0;
    let pieces = 0;
    for await (const piece of guardZstd(new BufferSource(bomb).stream())) {
      largest = Math.max(largest, piece.length);
      pieces += 1;
    }
    // 64 blocks of four bytes, and what a header before them takes.
    expect(largest).toBeLessThan(64 * 4 + 32);
    expect(pieces).toBeGreaterThanOrEqual(4096 / 64);
  });

  test("a bomb from its first byte opens nothing", async () => {
    const path = privateFile(gzipSync(Buffer.alloc(32 * MiB)));
    await expect(openArchive(path, { permissions: "owner", expansion })).rejects.toMatchObject({
      kind: "archive",
      detail: { next: "if it is known to be mostly zeros, raise --max-expansion" },
    });
  });
});

test("a real zstd archive with one byte changed never gets past us as a fault of ours", async () => {
  const sample = readFileSync(samplePath("podman/busybox-crun-zstd.tar.zst"));
  for (let at = 5; at < sample.length; at += 1501) {
    const path = privateFile(flipped(Buffer.from(sample), at));
    try {
      const opened = await openCheckpoint(path, { permissions: "owner" });
      await inspect(opened);
      await opened.close();
    } catch (error) {
      expect(error).toMatchObject({ kind: "archive" });
    }
  }
});

import { closeSync, openSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FileSource } from "../../src/archive/file-source.ts";
import { openSource } from "../../src/archive/open-archive.ts";
import { indexTar } from "../../src/archive/tar-index.ts";
import { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { listImages } from "../../src/checkpoint/image-list.ts";
import { inspect } from "../../src/checkpoint/inspection.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { entry, image } from "../support/criu-encoder.ts";
import { owner } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { CountingSource } from "../support/sources.ts";
import {
  base256,
  endMarker,
  header,
  member,
  paxHeader,
  type Stretch,
  sparseFile,
} from "../support/tar-builder.ts";

const GiB = 1024 ** 3;
const TiB = 1024 ** 4;

/** A source over a file, closed after use. */
async function withFile<T>(
  path: string,
  size: number,
  use: (source: CountingSource) => Promise<T>,
): Promise<T> {
  const fd = openSync(path, "r");
  try {
    return await use(new CountingSource(new FileSource(fd, size, path)));
  } finally {
    closeSync(fd);
  }
}

function sizeOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, it) => sum + (Buffer.isBuffer(it) ? it.length : it.hole), 0);
}

describe("archives that no memory would hold", () => {
  const sizes: [string, (name: string, size: number) => Buffer][] = [
    ["binary numbers", (name, size) => header({ name, size: base256(BigInt(size)) })],
    [
      "PAX records",
      (name, size) =>
        Buffer.concat([paxHeader([["size", String(size)]]), header({ name, size: 0 })]),
    ],
  ];
  test.each(sizes)("members above 8 GiB in more than 1 TiB, by %s", async (_name, head) => {
    const stretches: Stretch[] = [
      head("pages-1.img", 9 * GiB),
      { hole: 9 * GiB },
      head("pages-2.img", 1.5 * TiB),
      { hole: 1.5 * TiB },
      member({ name: "last", body: "behind it all" }),
      endMarker,
    ];
    const path = sparseFile(stretches);
    await withFile(path, sizeOf(stretches), async (source) => {
      const { members, problems } = await indexTar(source);
      expect(problems).toEqual([]);
      expect(members.map(({ name, size }) => [name, size])).toEqual([
        ["pages-1.img", 9 * GiB],
        ["pages-2.img", 1.5 * TiB],
        ["last", 13],
      ]);
      const last = members[2];
      const content = await source.read(last?.dataOffset ?? 0, 13);
      expect(Buffer.from(content).toString()).toBe("behind it all");
      expect(source.bytes).toBeLessThan(16 * 1024);
    });
  });
});

describe("a checkpoint with 64 GiB of pages", () => {
  const pages = 64 * GiB;

  async function large(): Promise<{ path: string; size: number }> {
    const builder = await CheckpointBuilder.from();
    // Pages of 64 GiB behind one run; the command line is not in it.
    const table = image(
      "PAGEMAP",
      entry("pagemap_head", { pages_id: 1 }),
      entry("pagemap_entry", {
        vaddr: 0x10_0000_0000n,
        compat_nr_pages: 0,
        flags: 4,
        nr_pages: BigInt(pages / 4096),
      }),
    );
    builder.drop("checkpoint/pages-1.img").replace("checkpoint/pagemap-1.img", table);
    const stretches: Stretch[] = [
      builder.bytes(Buffer.alloc(0)),
      header({ name: "checkpoint/pages-1.img", size: base256(BigInt(pages)) }),
      { hole: pages },
      endMarker,
    ];
    return { path: sparseFile(stretches), size: sizeOf(stretches) };
  }

  test("is indexed with less than 4 KiB a member", async () => {
    const { path, size } = await large();
    await withFile(path, size, async (source) => {
      const { members, problems } = await indexTar(source);
      expect(problems).toEqual([]);
      expect(source.bytes).toBeLessThan(4096 * members.length);
    });
  });

  test("is inspected and listed with less than 1 MiB", async () => {
    const { path, size } = await large();
    await withFile(path, size, async (source) => {
      const checkpoint = new Checkpoint(await openSource(source, { path }));
      const inspection = await inspect(checkpoint);
      expect(inspection.memory.pageBytes).toBe(pages + 65_536);
      expect(inspection.processes[0]?.dumpedBytes).toBe(pages);
      const { items } = await listImages(checkpoint);
      expect(items[0]).toMatchObject({ name: "checkpoint/pages-1.img", pages: pages / 4096 });
      expect(source.bytes).toBeLessThan(1024 * 1024);
    });
  });

  test("is shown by the command", async () => {
    const { path } = await large();
    const ran = await run(["images", ...owner, path]);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/pages-1\.img .*64\.0 GiB/);
  });
});

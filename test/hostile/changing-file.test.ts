import { truncateSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openArchive } from "../../src/archive/open-archive.ts";
import { inspect } from "../../src/checkpoint/inspection.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { endMarker, header, privateFile, sparseFile } from "../support/tar-builder.ts";

const options = { permissions: "owner" } as const;

test("an archive that shrinks after it was opened: what is gone is a problem", async () => {
  const path = (await CheckpointBuilder.from()).write();
  const checkpoint = await openCheckpoint(path, options);
  truncateSync(path, 200 * 1024);
  const inspection = await inspect(checkpoint);
  await checkpoint.close();
  expect(inspection.archive.members).toBeGreaterThan(30);
  expect(inspection.problems.map(({ message }) => message).join("\n")).toContain(
    "the file became shorter while it was read",
  );
});

test("a member that shrinks away while it is streamed", async () => {
  const size = 4 * 1024 * 1024;
  const path = sparseFile([header({ name: "pages-1.img", size }), { hole: size }, endMarker]);
  const archive = await openArchive(path, options);
  const member = archive.find("pages-1.img");
  if (member === undefined) throw new Error("no member");
  const reading = async (): Promise<number> => {
    let bytes = 0;
    for await (const chunk of archive.open(member).stream()) {
      bytes += chunk.length;
      truncateSync(path, 1024 * 1024);
    }
    return bytes;
  };
  await expect(reading()).rejects.toMatchObject({
    kind: "archive",
    detail: { what: "the file became shorter while it was read" },
  });
  await archive.close();
});

test("a compressed archive that is another one when it is read again", async () => {
  const size = 9 * 1024 * 1024;
  const tar = Buffer.concat([header({ name: "big.bin", size }), Buffer.alloc(size), endMarker]);
  const path = privateFile(gzipSync(tar));
  const archive = await openArchive(path, options);
  const member = archive.find("big.bin");
  if (member === undefined) throw new Error("no member");
  writeFileSync(path, gzipSync(tar.subarray(0, 1024 * 1024)));
  await expect(archive.read(member, size - 10, 10)).rejects.toMatchObject({ kind: "archive" });
  await archive.close();
});

test("a compressed archive is read again and again from the descriptor that was opened", async () => {
  const size = 9 * 1024 * 1024;
  const parts = ["a.bin", "b.bin"].flatMap((name, at) => [
    header({ name, size }),
    Buffer.alloc(size, at + 1),
  ]);
  const path = privateFile(gzipSync(Buffer.concat([...parts, endMarker])));
  const archive = await openArchive(path, options);
  // Each early stop used to close the descriptor under our feet.
  for (const [name, byte] of [
    ["a.bin", 1],
    ["b.bin", 2],
    ["a.bin", 1],
  ] as const) {
    const member = archive.find(name);
    if (member === undefined) throw new Error("no member");
    for await (const chunk of archive.open(member).stream(10, 1000)) {
      expect(chunk[0]).toBe(byte);
      break;
    }
  }
  await archive.close();
});

import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostileCases } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { privateCopy, samplePath, scratch } from "../support/samples.ts";
import { privateFile, sparseFile } from "../support/tar-builder.ts";

const notTar = ["this is no tar archive", "a tar archive, plain or compressed with gzip or zstd"];

/** Bytes that look like nothing, the same in every run. */
function garbage(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state & 0xff;
  });
}

function packed(name: string, magic: readonly number[]): { name: string; path: () => string } {
  return {
    name: `${name}, told by its first bytes`,
    path: () => privateFile(Buffer.concat([Buffer.from(magic), garbage(600)])),
  };
}

hostileCases("what is no archive", [
  {
    name: "an empty file",
    path: () => privateFile(""),
    code: 3,
    says: ["the archive is empty", "0 bytes", "make the checkpoint again"],
  },
  {
    name: "a text file",
    path: () => privateFile("no tar, but text that goes on and on\n".repeat(40)),
    code: 3,
    says: notTar,
  },
  {
    name: "100 bytes of garbage",
    path: () => privateFile(garbage(100)),
    code: 3,
    says: [...notTar, "100 bytes left"],
  },
  { name: "a block of garbage", path: () => privateFile(garbage(512)), code: 3, says: notTar },
  {
    name: "10 MiB of zeros",
    path: () => sparseFile([{ hole: 10 * 1024 * 1024 }]),
    code: 3,
    says: ["the archive holds no CRIU images"],
  },
  {
    ...packed("xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    code: 3,
    says: ["compressed with xz", "xz -dk FILE"],
  },
  {
    ...packed("bzip2", [0x42, 0x5a, 0x68, 0x39]),
    code: 3,
    says: ["compressed with bzip2", "bzip2 -dk FILE"],
  },
  {
    ...packed("lz4", [0x04, 0x22, 0x4d, 0x18]),
    code: 3,
    says: ["compressed with lz4", "lz4 -dk FILE"],
  },
  { ...packed("zip", [0x50, 0x4b, 3, 4]), code: 3, says: ["compressed with zip", "unzip FILE"] },
  {
    name: "no file at all",
    path: () => join(scratch(), "missing.tar"),
    code: 3,
    says: ["there is no file", "missing.tar"],
  },
  {
    name: "a symbolic link to an archive",
    path: () => {
      const link = join(scratch(), "link.tar");
      symlinkSync(privateCopy(samplePath("podman/busybox-crun-none.tar")), link);
      return link;
    },
    code: 4,
    says: ["is a symbolic link, and links are never followed", "name the archive itself"],
  },
  {
    name: "a named pipe that nobody writes to",
    path: () => {
      const path = join(scratch(), "pipe.tar");
      execFileSync("mkfifo", ["-m", "600", path]);
      return path;
    },
    code: 4,
    says: ["is no regular file", "a named pipe"],
  },
  {
    name: "a folder without images",
    path: () => {
      const path = join(scratch(), "folder.tar");
      mkdirSync(path, { mode: 0o700 });
      return path;
    },
    code: 3,
    says: ["is a folder without CRIU images", "cryoscope list"],
  },
]);

test("a device", async () => {
  const ran = await run(["inspect", "--permissions", "any", "/dev/null"]);
  expect(ran).toMatchObject({ code: 4, out: "" });
  expect(ran.err).toContain("is no regular file");
  expect(ran.err).toContain("a device");
});

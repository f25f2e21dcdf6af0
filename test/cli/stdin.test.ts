import { createReadStream, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/checkpoint/inspection.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, samplePath, scratch } from "../support/samples.ts";

const gzip = samplePath("podman/busybox-runc-gzip.tar.gz");
const zstd = samplePath("podman/busybox-crun-zstd.tar.zst");

/** The bytes of a file in pieces of that size, as a pipe would bring them. */
function piped(path: string, pieces = 4096): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: pieces });
}

describe("an archive on standard input", () => {
  it.each([
    ["none", rich],
    ["gzip", gzip],
    ["zstd", zstd],
  ])("compressed with %s says the same as the file", async (compression, path) => {
    const words = ["-o", "json", "--permissions", "owner"];
    const { code, out, err } = await run(["inspect", ...words, "-"], { stdin: piped(path) });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const file = JSON.parse((await run(["inspect", ...words, privateCopy(path)])).out);
    const pipe = JSON.parse(out) as Inspection;
    expect(pipe.archive).toMatchObject({ path: "-", compression, lockedDown: null, mode: null });
    expect(pipe.problems).toMatchObject([{ severity: "note", code: "permissions-unchecked" }]);
    expect({ ...pipe, archive: null, problems: [] }).toEqual({ ...file, archive: null });
  });

  it("comes in pieces of any size", async () => {
    const words = ["images", "-o", "json", "-"];
    const whole = await run(words, { stdin: piped(crioCounter, 1 << 20) });
    expect(whole.code).toBe(0);
    expect(await run(words, { stdin: piped(crioCounter, 511) })).toEqual(whole);
    expect(await run(words, { stdin: piped(crioCounter, 61) })).toEqual(whole);
  });

  it("gives members too", async () => {
    const words = ["extract", "--stdout", "-", "config.dump"];
    const { code, out } = await run(words, { stdin: piped(crioCounter) });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ rootfsImageName: "127.0.0.1:5000/lab/busybox:1" });
  });

  it("that is empty is told from one that is broken", async () => {
    async function* nothing(): AsyncGenerator<Uint8Array> {}
    const empty = await run(["inspect", "-"], { stdin: nothing() });
    expect(empty).toMatchObject({ code: 3, out: "" });
    expect(empty.err).toMatch(/^cryoscope: standard input is empty\n/);
    async function* text(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("no archive at all\n".repeat(100));
    }
    const broken = await run(["inspect", "-"], { stdin: text() });
    expect(broken.code).toBe(3);
    expect(broken.err).not.toContain("is empty");
  });

  it("cannot come from a terminal", async () => {
    const { code, out, err } = await run(["inspect", "-"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("standard input is a terminal");
    expect(err).toContain("  next     send an archive to it");
  });
});

describe("--spool", () => {
  it.each([
    ["a pipe", crioCounter],
    ["a pipe of gzip", gzip],
    ["a pipe of zstd", zstd],
  ])("keeps %s where it can seek, and leaves nothing in the folder", async (_what, path) => {
    const folder = join(scratch(), "spool");
    mkdirSync(folder);
    const words = ["images", "--nested", "-o", "json", "-"];
    const seen: string[][] = [];
    async function* stdin(): AsyncGenerator<Uint8Array> {
      for await (const chunk of piped(path)) {
        yield chunk;
        seen.push(readdirSync(folder));
      }
    }
    const spooled = await run([...words, "--spool", folder], { stdin: stdin() });
    expect(spooled).toEqual(await run(words, { stdin: piped(path) }));
    // Not while it is written either: it has no name from the beginning.
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.flat()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does the same for a compressed file", async () => {
    const folder = join(scratch(), "spool");
    mkdirSync(folder);
    const words = ["images", "-o", "json", "--permissions", "owner", privateCopy(gzip)];
    expect(await run([...words, "--spool", folder])).toEqual(await run(words));
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says where it cannot write", async () => {
    const folder = join(scratch(), "gone");
    const words = ["inspect", "-", "--spool", folder];
    const { code, out, err } = await run(words, { stdin: piped(crioCounter) });
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain("cannot be created (ENOENT)");
  });

  it("is not needed for a plain file, which it leaves alone", async () => {
    const folder = join(scratch(), "gone");
    const words = ["inspect", "--permissions", "owner", "--spool", folder, privateCopy(rich)];
    expect((await run(words)).code).toBe(0);
  });
});

it("a pipe is read to its end once, and its bytes are those of the file", async () => {
  let read = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of piped(rich)) {
      read += chunk.length;
      yield chunk;
    }
  }
  await run(["inspect", "--show", "all", "-"], { stdin: counted() });
  expect(read).toBe(readFileSync(rich).length);
});

import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { extents } from "../../src/memory/extents.ts";
import { literalMatcher } from "../../src/memory/matcher.ts";
import { search } from "../../src/memory/search.ts";
import { rich, samplePath } from "../support/samples.ts";

// One whose pages lie in its file as they are, and one that is compressed.
describe.each([rich, samplePath("podman/busybox-runc-gzip.tar.gz")])("a search of %s", (path) => {
  it("tells of all bytes that it looks at, though they hold nothing", async () => {
    const checkpoint = await openCheckpoint(path, { permissions: "any" });
    const memory = await checkpoint.memory();
    const total = [...extents(memory)].reduce((sum, { length }) => sum + length, 0);
    let told = 0;
    const options = {
      progress: (bytes: number) => {
        told += bytes;
      },
    };
    const matcher = literalMatcher(Buffer.from("no such text anywhere"));
    for await (const hits of search(memory, matcher, options)) expect(hits).toEqual([]);
    expect(told).toBe(total);
    await checkpoint.close();
  });

  it("ends where nobody wants it any more", async () => {
    const checkpoint = await openCheckpoint(path, { permissions: "any" });
    const options = {
      progress: () => {
        throw new Error("not wanted");
      },
    };
    const matcher = literalMatcher(Buffer.from([0, 0]));
    const searching = search(await checkpoint.memory(), matcher, options);
    await expect(searching.next()).rejects.toThrow("not wanted");
    await checkpoint.close();
  });
});

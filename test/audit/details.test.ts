import { describe, expect, it } from "vitest";
import { type ArchiveDetails, gatherDetails } from "../../src/audit/details.ts";
import { inspect } from "../../src/checkpoint/inspection.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { sampleArchives, samplePath } from "../support/samples.ts";

async function details(path: string, reveal = false): Promise<ArchiveDetails> {
  const checkpoint = await openCheckpoint(path, { permissions: "any" });
  try {
    return await gatherDetails(checkpoint, { reveal });
  } finally {
    await checkpoint.close();
  }
}

describe("details of an archive for a page", () => {
  it.each(sampleArchives())("account for every page of $folder/$name", async ({ path }) => {
    const checkpoint = await openCheckpoint(path, { permissions: "any" });
    const { memory } = await inspect(checkpoint);
    const { memory: shares, sharedBytes } = await gatherDetails(checkpoint, { reveal: false });
    await checkpoint.close();
    const own = shares.items.flatMap(({ bytes }) => Object.values(bytes));
    expect(own.reduce((sum, size) => sum + size, sharedBytes)).toBe(memory.pageBytes);
  });

  it("tell what the pages of the rich sample are for", async () => {
    const { memory, sharedBytes, processes } = await details(samplePath("podman/rich-crun.tar"));
    expect(memory.items.map(({ pid }) => pid)).toEqual([1, 2, 3, 4, 6]);
    // One page that may be written and run, at 0x100000030000; four that are shared.
    expect(memory.items[0]?.bytes.executable).toBe(4096);
    expect(sharedBytes).toBe(4 * 4096);
    expect(processes.items.map(({ pid, depth }) => [pid, depth])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 1],
      [6, 1],
    ]);
  });

  it("tell who can be reached from outside, and who talks to whom", async () => {
    const { listeners, connections } = await details(samplePath("podman/rich-crun.tar"));
    expect(listeners.items.map(({ protocol, local, pid }) => [protocol, local, pid])).toEqual([
      ["tcp", "0.0.0.0:18080", 1],
      ["tcp6", "[::1]:18081", 1],
      ["udp", "0.0.0.0:18082", 1],
    ]);
    expect(connections.items.map(({ local, remote }) => `${local} ${remote}`).sort()).toEqual([
      "127.0.0.1:18080 127.0.0.1:28080",
      "127.0.0.1:28080 127.0.0.1:18080",
      "[::1]:18081 [::1]:28081",
      "[::1]:18083 [::1]:18084",
      "[::1]:28081 [::1]:18081",
    ]);
  });

  it("mask secrets unless they are asked for", async () => {
    const path = samplePath("podman/rich-crun.tar");
    const command = ({ processes }: ArchiveDetails): string =>
      processes.items.flatMap((it) => it.command ?? []).join(" ");
    expect(command(await details(path))).not.toContain("cmdline-secret-not-real");
    expect(command(await details(path, true))).toContain("cmdline-secret-not-real");
  });

  it("can be handed from thread to thread", async () => {
    const given = await details(samplePath("podman/rich-crun.tar"));
    expect(structuredClone(given)).toEqual(given);
    expect(JSON.parse(JSON.stringify(given))).toEqual(given);
  });
});

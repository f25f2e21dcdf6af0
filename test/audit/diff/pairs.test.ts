import { describe, expect, it } from "vitest";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { crioCounter, rich, samplePath } from "../../support/samples.ts";
import { alter, diffOf } from "./support.ts";

const runc = samplePath("crio/counter-runc.tar");
const [first, second, third] = [1, 2, 3].map((step) => samplePath(`criu/chain-${step}.tar.gz`)) as [
  string,
  string,
  string,
];

describe("two containers of one workload", () => {
  it("crun and runc: another life, the same program and files", async () => {
    const diff = await diffOf(crioCounter, runc, { pages: true });
    expect(diff).toMatchObject({ different: true, sameContainer: true, chained: false });
    expect(diff.container?.map(({ name }) => name)).toEqual(["id", "createdAt"]);
    expect(diff.runtime).toMatchObject([
      { name: "ociRuntime", before: { value: "crun" }, after: { value: "runc" } },
    ]);
    expect(diff.image).toEqual([]);
    // `sleep 1` is another process each second; the shell is the same.
    expect(diff.processes?.map(({ pid, change }) => `${pid} ${change}`)).toEqual([
      "8 came",
      "14 went",
    ]);
    expect(diff.memory?.laidOutAnew).toEqual([1]);
    const own = diff.memory?.mappings.filter(({ pid }) => pid === 1) ?? [];
    expect(own.length).toBeGreaterThan(1);
    expect(new Set(own.map(({ change }) => change))).toEqual(new Set(["changed"]));
    expect(diff.files).toContainEqual(
      expect.objectContaining({ path: "/tmp/count", fields: ["sizeBytes", "modifiedAt"] }),
    );
    // Ids of containers and layers in the paths of mounts are no difference.
    expect(diff.mounts?.find(({ mountpoint }) => mountpoint === "/")).toBeUndefined();
  });

  it("Podman and CRI-O", async () => {
    const podman = samplePath("podman/busybox-crun-none.tar");
    const diff = await diffOf(crioCounter, podman);
    expect(diff.runtime).toMatchObject([
      { name: "engine", before: { value: "cri-o" }, after: { value: "podman" } },
    ]);
    expect(diff.descriptors?.filter(({ pid }) => pid === 1)).toEqual([]);
    expect(diff.environment?.map(({ name, change }) => `${name} ${change}`)).toContain(
      "container came",
    );
    // The other way round it is the same, with came and went exchanged.
    const back = await diffOf(podman, crioCounter);
    const swap: Record<string, string> = { came: "went", went: "came", changed: "changed" };
    for (const section of ["processes", "environment", "mounts", "files"] as const) {
      const there = diff[section]?.map(({ change }) => change).sort();
      expect(back[section]?.map(({ change }) => swap[change]).sort()).toEqual(there);
    }
  });
});

describe("dumps that follow each other", () => {
  const memory = { sections: ["memory"] as const, pages: true };

  it("of two pre-dumps the pages are compared, and nothing else is known", async () => {
    const diff = await diffOf(first, second, { pages: true });
    expect(diff).toMatchObject({
      chained: true,
      before: { preDump: true },
      after: { preDump: true },
    });
    expect([diff.processes, diff.descriptors, diff.findings, diff.runtime]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(diff.memory?.mappings).toMatchObject([
      { pid: 10481, fields: ["pages"], pages: { changed: 15, added: 1, removed: 8 } },
      { pid: 10484, fields: ["pages"], pages: { changed: 15, added: 1, removed: 8 } },
    ]);
  });

  it("what the dump left in the pre-dump did not change, whether it is at hand or not", async () => {
    const alone = await diffOf(second, third, memory);
    const whole = await diffOf(second, third, { ...memory, parents: [first, undefined] });
    expect(alone.problems.map(({ code }) => code)).toContain("taken-for-parent");
    expect(alone.memory?.pages).toMatchObject({ same: 89, changed: 7, unavailable: 20 });
    // With the dump before both at hand nothing is left open.
    expect(whole.memory?.pages).toMatchObject({ same: 89, unavailable: 0 });
    const { changed, removed } = whole.memory?.pages ?? {};
    expect((changed ?? 0) + (removed ?? 0)).toBe(7 + 20);
    expect(alone.memory?.mappings.map(({ after }) => after?.name)).toContain("[stack]");
    // A parent that the caller gives is believed.
    expect((await diffOf(second, third, { ...memory, parents: [first, second] })).memory).not.toBe(
      null,
    );
  });

  it("which is the later one is told by the machine's uptime, not by the order of the words", async () => {
    const forth = await diffOf(second, third, memory);
    const back = await diffOf(third, second, memory);
    expect(back.chained).toBe(true);
    const pages = forth.memory?.pages;
    expect(back.memory?.pages).toEqual({
      ...pages,
      added: pages?.removed,
      removed: pages?.added,
    });
  });

  it("a dump is not taken for the parent of one whose pages it does not know", async () => {
    const diff = await diffOf(first, third, memory);
    expect(diff.chained).toBe(false);
    expect(diff.problems.map(({ code }) => code)).not.toContain("taken-for-parent");
    expect(diff.memory?.pages.unavailable).toBe(66);
  });
});

describe("damaged archives", () => {
  it("what can be compared is compared, and each problem says of which archive it is", async () => {
    const builder = await CheckpointBuilder.from(rich);
    const broken = builder
      .copy()
      .replace("checkpoint/core-2.img", "no image")
      .replace(
        "checkpoint/pages-4.img",
        builder.content("checkpoint/pages-4.img").subarray(0, 9000),
      )
      .replace("rootfs-diff.tar", "no tar")
      .drop("checkpoint/files.img")
      .write();
    const diff = await diffOf(rich, broken, { pages: true });
    const errors = diff.problems.filter(({ severity }) => severity === "error");
    expect(errors.length).toBeGreaterThan(3);
    expect(new Set(errors.map(({ where }) => where?.path))).toEqual(new Set([broken]));
    expect(diff.memory?.pages.unavailable).toBeGreaterThan(0);
    expect(diff.memory?.pages.same).toBeGreaterThan(20);
  });

  it("mappings at the ends of the address space", async () => {
    const builder = await CheckpointBuilder.from(rich);
    const copy = builder.copy();
    await alter(copy, "checkpoint/mm-1.img", "MM", "mm_entry", ([mm]) => {
      const vma = mm?.vmas[0];
      if (mm === undefined || vma === undefined) throw new Error("no mapping");
      mm.vmas.push({ ...vma, start: 0n, end: 1n });
      mm.vmas.push({
        ...vma,
        start: 2n ** 64n - 8192n,
        end: 2n ** 64n - 1n,
        shmid: 2n ** 64n - 1n,
      });
    });
    const diff = await diffOf(rich, copy.write(), { sections: ["memory"], pages: true });
    expect(diff.memory?.mappings.map(({ start, change }) => [start, change])).toEqual([
      ["0x0", "came"],
      ["0xffffffffffffe000", "came"],
    ]);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import type { DiffSection } from "../../../src/audit/diff/checkpoint-diff.ts";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { privateCopy, rich } from "../../support/samples.ts";
import { tar } from "../../support/tar-builder.ts";
import { alter, diffOf } from "./support.ts";

const sections = (...names: DiffSection[]) => ({ sections: names });

let builder: CheckpointBuilder;
beforeAll(async () => {
  builder = await CheckpointBuilder.from(rich);
});

/** The sample with one thing changed, compared with the sample. */
async function diffAfter(
  change: (copy: CheckpointBuilder) => Promise<unknown> | unknown,
  options: Parameters<typeof diffOf>[2] = {},
) {
  const copy = builder.copy();
  await change(copy);
  return diffOf(privateCopy(rich), copy.write(), options);
}

describe("one change of a real checkpoint is one difference", () => {
  it("nothing: nothing", async () => {
    const diff = await diffAfter(() => {}, { pages: true });
    expect(diff).toMatchObject({ different: false, sameContainer: true, chained: false });
    expect(diff.memory?.pages).toMatchObject({ changed: 0, added: 0, removed: 0, uncompared: 0 });
    expect(diff.memory?.pages.same).toBeGreaterThan(50);
    expect(diff.findings).toEqual([]);
  });

  it("rights of a process", async () => {
    const diff = await diffAfter(
      (copy) =>
        alter(copy, "checkpoint/core-2.img", "CORE", "core_entry", ([core]) => {
          const creds = core?.thread_core?.creds;
          if (creds === undefined) throw new Error("no credentials");
          creds.euid = 1000;
          creds.cap_eff = [1 << 21, 0];
        }),
      sections("processes"),
    );
    expect(diff.processes).toMatchObject([
      {
        pid: 2,
        change: "changed",
        fields: ["uid", "effective"],
        before: { uid: [0, 0, 0, 0] },
        after: { uid: [0, 1000, 0, 0], effective: ["CAP_SYS_ADMIN"] },
      },
    ]);
    expect(diff.processes).toHaveLength(1);
  });

  it("a process that is gone takes its descriptors and mappings with it", async () => {
    const diff = await diffAfter(
      (copy) =>
        alter(copy, "checkpoint/pstree.img", "PSTREE", "pstree_entry", (nodes) => {
          nodes.splice(
            nodes.findIndex(({ pid }) => pid === 4),
            1,
          );
        }),
      sections("processes", "descriptors", "memory", "environment"),
    );
    expect(diff.processes).toMatchObject([{ pid: 4, change: "went", after: null }]);
    expect(diff.processes?.[0]?.before?.command?.join(" ")).not.toContain("cmdline-secret");
    expect(new Set(diff.descriptors?.map(({ pid, change }) => `${pid} ${change}`))).toEqual(
      new Set(["4 went"]),
    );
    expect(diff.memory?.mappings.every(({ pid, change }) => pid === 4 && change === "went")).toBe(
      true,
    );
    expect(diff.environment?.length).toBeGreaterThan(3);
    expect(diff.environment?.every(({ pids }) => pids.join() === "4")).toBe(true);
  });

  it("a pid that another program has taken over is one that went and one that came", async () => {
    const change = (copy: CheckpointBuilder, pid: number) =>
      Promise.all([
        alter(copy, `checkpoint/mm-${pid}.img`, "MM", "mm_entry", ([mm]) => {
          // The program of process 6, which is another file.
          if (mm !== undefined) mm.exe_file_id = exeOf6;
        }),
        alter(copy, `checkpoint/core-${pid}.img`, "CORE", "core_entry", ([core]) => {
          if (core?.tc !== undefined) core.tc.comm = "other";
        }),
      ]);
    let exeOf6 = 0;
    await alter(builder.copy(), "checkpoint/mm-6.img", "MM", "mm_entry", ([mm]) => {
      exeOf6 = mm?.exe_file_id ?? 0;
    });
    const taken = await diffAfter((copy) => change(copy, 2), sections("processes", "descriptors"));
    expect(taken.processes?.map(({ pid, change: became }) => `${pid} ${became}`)).toEqual([
      "2 came",
      "2 went",
    ]);
    expect(taken.descriptors?.filter(({ pid }) => pid === 2).length).toBe(8);
    // The first process executes programs, and keeps its number for ever.
    const executed = await diffAfter((copy) => change(copy, 1), sections("processes"));
    expect(executed.processes).toMatchObject([{ pid: 1, change: "changed" }]);
    expect(executed.processes?.[0]?.fields).toEqual(
      expect.arrayContaining(["comm", "exe", "exeDeleted"]),
    );
  });

  it("position of an open file, a descriptor more and one less", async () => {
    const diff = await diffAfter(async (copy) => {
      await alter(copy, "checkpoint/files.img", "FILES", "file_entry", (files) => {
        const log = files.find(({ reg }) => reg?.name.endsWith("rich.log"));
        if (log?.reg !== undefined) log.reg.pos = 4096n;
      });
      await alter(copy, "checkpoint/fdinfo-2.img", "FDINFO", "fdinfo_entry", (descriptors) => {
        const at = descriptors.findIndex(({ fd }) => fd === 41);
        const [folder] = descriptors.splice(at, 1);
        if (folder !== undefined) descriptors.push({ ...folder, fd: 99, flags: 0 });
      });
    }, sections("descriptors"));
    expect(diff.descriptors?.map(({ fd, change, fields }) => [fd, change, fields])).toEqual([
      [40, "changed", ["position"]],
      [41, "went", []],
      [99, "came", []],
    ]);
    expect(diff.descriptors?.[0]).toMatchObject({
      before: { position: 11 },
      after: { position: 4096 },
    });
    expect(diff.descriptors?.[2]).toMatchObject({ after: { name: "/srv", closeOnExec: false } });
  });

  it("a listener on another port, and a connection that is closing", async () => {
    const diff = await diffAfter(
      (copy) =>
        alter(copy, "checkpoint/files.img", "FILES", "file_entry", (files) => {
          for (const { isk } of files) {
            if (isk?.src_port === 18081 && isk.state === 10) isk.src_port = 4444;
            if (isk?.src_port === 28080) isk.state = 8;
          }
        }),
      sections("sockets"),
    );
    expect(diff.sockets?.map(({ change, local, fields }) => [change, local, fields])).toEqual([
      ["changed", "127.0.0.1:28080", ["state"]],
      ["went", "[::1]:18081", []],
      ["came", "[::1]:4444", []],
    ]);
    expect(diff.sockets?.[2]?.after).toMatchObject({ state: "listen", holders: ["1/20"] });
  });

  it("a mount that came and one that can be written to now", async () => {
    const image = builder.names().find((name) => name.includes("mountpoints-")) as string;
    const diff = await diffAfter(
      (copy) =>
        alter(copy, image, "MNTS", "mnt_entry", (mounts) => {
          const [first] = mounts;
          const sys = mounts.find(({ mountpoint }) => mountpoint === "/sys");
          if (sys !== undefined) sys.flags &= ~1;
          if (first !== undefined) {
            mounts.push({
              ...first,
              mnt_id: 9999,
              parent_mnt_id: first.mnt_id,
              mountpoint: "/host",
            });
          }
        }),
      sections("mounts"),
    );
    expect(
      diff.mounts?.map(({ mountpoint, change, fields }) => [mountpoint, change, fields]),
    ).toEqual([
      ["/host", "came", []],
      ["/sys", "changed", ["flags"]],
    ]);
  });

  it("a variable's value: told, and not shown", async () => {
    const change = (copy: CheckpointBuilder): void => {
      for (const name of copy.names().filter((each) => /pages-[4-8]\.img$/.test(each))) {
        const pages = Buffer.from(copy.content(name));
        const at = pages.indexOf("POSTGRES_PASSWORD=mysecret");
        if (at !== -1) pages.write("other!!!", at + "POSTGRES_PASSWORD=".length);
        copy.replace(name, pages);
      }
    };
    const hidden = await diffAfter(change, sections("environment"));
    expect(hidden.environment).toEqual([
      {
        pids: [1, 2, 3, 4, 6],
        name: "POSTGRES_PASSWORD",
        change: "changed",
        before: { value: "••••••••" },
        after: { value: "••••••••" },
        fields: ["value"],
      },
    ]);
    const shown = await diffAfter(change, { ...sections("environment"), reveal: true });
    expect(shown.environment).toMatchObject([
      { before: { value: "mysecret-not-real" }, after: { value: "other!!!-not-real" } },
    ]);
  });

  it("protection of a mapping, a heap that grew, mappings that came and went", async () => {
    const diff = await diffAfter(
      (copy) =>
        alter(copy, "checkpoint/mm-1.img", "MM", "mm_entry", ([mm]) => {
          for (const vma of mm?.vmas ?? []) {
            if (vma.start === 0x100000060000n) vma.prot = 7;
            // CRIU's bit of the heap.
            if ((vma.status & 32) !== 0) vma.end += 0x2000n;
            if (vma.start === 0x100000040000n) {
              vma.start += 0x200000000000n;
              vma.end += 0x200000000000n;
            }
          }
        }),
      { ...sections("memory"), pages: true },
    );
    expect(
      diff.memory?.mappings.map(({ change, before, fields }) => [change, before?.name, fields]),
    ).toEqual([
      ["changed", "[heap]", ["sizeBytes"]],
      ["went", "", []],
      ["changed", "", ["permissions"]],
      ["came", undefined, []],
    ]);
    expect(diff.memory?.mappings[2]).toMatchObject({
      pid: 1,
      start: "0x100000060000",
      before: { permissions: "rw-p" },
      after: { permissions: "rwxp" },
    });
  });

  it("bytes of a page: seen with --pages alone", async () => {
    const change = (copy: CheckpointBuilder): void => {
      const pages = Buffer.from(copy.content("checkpoint/pages-4.img"));
      const at = pages.indexOf("password=hunter2-not-real");
      pages.write("PASS", at);
      copy.replace("checkpoint/pages-4.img", pages);
    };
    const compared = await diffAfter(change, { ...sections("memory"), pages: true });
    expect(compared.memory?.mappings).toMatchObject([
      {
        pid: 1,
        after: { name: "[heap]" },
        fields: ["pages"],
        pages: { changed: 1, changedBytes: 4 },
      },
    ]);
    const cheap = await diffAfter(change, sections("memory"));
    expect(cheap).toMatchObject({
      different: false,
      memory: { mappings: [], pagesCompared: false },
    });
    expect(cheap.memory?.pages).toMatchObject({ changed: null, changedBytes: null, same: 0 });
  });

  it("memory that three processes share is told once", async () => {
    const diff = await diffAfter(
      (copy) => {
        const pages = Buffer.from(copy.content("checkpoint/pages-1.img"));
        pages.write("SHARED", pages.indexOf("shared-anon!"));
        copy.replace("checkpoint/pages-1.img", pages);
      },
      { ...sections("memory"), pages: true },
    );
    expect(diff.memory?.mappings).toMatchObject([
      { pid: 1, start: "0x100000000000", pages: { changed: 1, changedBytes: 6 } },
    ]);
    expect(diff.memory?.pages.changed).toBe(1);
  });

  it("files: new, gone, other content, other mode, deleted from the image", async () => {
    const files = (names: Record<string, object>) =>
      tar(Object.entries(names).map(([name, entry]) => ({ name, ...entry })));
    const base = {
      "etc/": { type: "5", mode: 0o755 },
      "etc/a": { body: "same" },
      "etc/b": { body: "one" },
      "etc/c": { body: "mode" },
      "etc/gone": { body: "gone" },
      "etc/link": { type: "2", linkName: "a", mtime: 5 },
    };
    const one = builder.copy().replace("rootfs-diff.tar", files(base)).write();
    const { "etc/gone": _, ...kept } = base;
    const changed = {
      ...kept,
      "etc/b": { body: "two" },
      "etc/c": { body: "mode", mode: 0o4755 },
      "etc/new": { body: "new" },
      "etc/link": { type: "2", linkName: "a", mtime: 6 },
    };
    const two = builder
      .copy()
      .replace("rootfs-diff.tar", files(changed))
      .replace("deleted.files", JSON.stringify(["/etc/delete-me", "etc/more"]))
      .write();
    const diff = await diffOf(one, two, sections("files"));
    expect(diff.files?.map(({ path, change, fields }) => [path, change, fields])).toEqual([
      ["/etc/b", "changed", ["sha256"]],
      ["/etc/c", "changed", ["mode"]],
      ["/etc/gone", "went", []],
      ["/etc/more", "came", []],
      ["/etc/new", "came", []],
    ]);
    expect(diff.files?.[3]?.after?.type).toBe("deleted");
  });

  it("a finding that came, and in the other order went", async () => {
    const evil = builder.copy().add("../escape", "x").write();
    const own = privateCopy(rich);
    const came = await diffOf(own, evil, sections("findings"));
    expect(came.findings).toMatchObject([{ change: "came", ruleId: "integrity/unsafe-name" }]);
    const went = await diffOf(evil, own, sections("findings"));
    expect(went.findings).toEqual([{ ...came.findings?.[0], change: "went" }]);
  });

  it("the image", async () => {
    const diff = await diffAfter(
      (copy) => {
        const config = JSON.parse(copy.content("config.dump").toString()) as Record<
          string,
          unknown
        >;
        copy.replace("config.dump", JSON.stringify({ ...config, rootfsImageName: "evil:latest" }));
      },
      sections("container", "image", "runtime"),
    );
    expect(diff).toMatchObject({ container: [], runtime: [], sameContainer: true });
    expect(diff.image).toMatchObject([{ name: "image", after: { value: "evil:latest" } }]);
  });

  it("--pid: of one process alone", async () => {
    const diff = await diffAfter(
      (copy) =>
        Promise.all(
          [1, 2].map((pid) =>
            alter(copy, `checkpoint/core-${pid}.img`, "CORE", "core_entry", ([core]) => {
              if (core?.tc !== undefined) core.tc.comm = "renamed";
            }),
          ),
        ),
      { ...sections("processes", "descriptors", "memory", "sockets"), pid: 2 },
    );
    expect(diff.processes).toMatchObject([{ pid: 2, fields: ["comm"] }]);
    expect([diff.descriptors, diff.memory?.mappings, diff.sockets]).toEqual([[], [], []]);
  });
});

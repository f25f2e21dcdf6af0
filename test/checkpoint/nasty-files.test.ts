import { describe, expect, it } from "vitest";
import { deletedFiles } from "../../src/checkpoint/deleted-files.ts";
import { openNasty } from "../support/nasty.ts";

// What samples/nasty plants among files, and /proc said of it before the dump.
describe.each(["files", "files-3.17"])("files of the dump %s", async (name) => {
  const { checkpoint, list, mounts, at, sockets } = await openNasty(name);

  it("are told without a problem", () => {
    expect(list.problems.filter(({ code }) => !code.startsWith("permissions-"))).toEqual([]);
    expect(list.tables.map(({ pids }) => pids)).toEqual([[1], [25], [26], [27], [28], [29]]);
    expect(sockets.items.length).toBe(1);
  });

  it.each([
    [3, "line\nbreak"],
    [4, "bell\u0007 tab\t return\r"],
    [5, "escape \u001b[31mred\u001b[0m \u001b]0;title\u0007"],
    [6, "invalid \udcff\udcfe utf-8 \udcc3("],
    [7, "wide 漢字"],
    [8, "rtl \u202egpj.exe"],
    [9, "c1 \u009b31m"],
    [10, "emoji 🧊 combining e\u0301"],
    [11, " leading and trailing "],
    [12, "-o json"],
    [13, "quote ' \" \\ $HOME `id`"],
    [14, "ends (deleted)"],
  ])("may have any name: descriptor %d", (fd, file) => {
    const { path, deleted, position, sizeBytes } = at(1, fd);
    expect({ path, deleted }).toEqual({ path: `/tmp/odd/${file}`, deleted: null });
    expect(position).toBe(sizeBytes);
  });

  it.each([
    [15, "/tmp/ghost", "file", 10],
    [16, "/tmp/ghost", "file", 10],
    [17, "/tmp/ghost-sparse", "file", 614_400],
    [18, "/tmp/ghost-empty", "file", 0],
    [19, "/tmp/ghost-fifo", "fifo", 0],
    [20, "/tmp/ghost-folder", "directory", 0],
    [22, "/tmp/replaced", "file", 3],
  ])("that were deleted are kept: descriptor %d", (fd, path, type, sizeBytes) => {
    const file = at(1, fd);
    expect(file).toMatchObject({
      path,
      type,
      deleted: { how: "ghost", sizeBytes, complete: true },
    });
  });

  it("that were deleted keep their holes", async () => {
    expect(at(1, 17).deleted).toMatchObject({ storedBytes: 3 * 4096 });
    const file = (await deletedFiles(checkpoint)).find(({ path }) => path === "/tmp/ghost-sparse");
    const content = (await file?.content?.read(0, 600 * 1024)) as Uint8Array;
    const expected = Buffer.alloc(600 * 1024);
    expected.write("head");
    expected.write("middle", 300 * 1024);
    expected.write("near the end", 500 * 1024);
    expect(expected.equals(content)).toBe(true);
  });

  it("that have another name are linked anew; one whose name was taken again is not deleted", () => {
    expect(at(1, 21).deleted).toMatchObject({ how: "link", path: "/tmp/link_remap.25" });
    expect(at(1, 23)).toMatchObject({ path: "/tmp/replaced", deleted: null, sizeBytes: 15 });
  });

  it("have flags, positions and owners", () => {
    expect(at(1, 25).flags).toEqual(["O_WRONLY", "O_LARGEFILE", "O_APPEND"]);
    expect(at(1, 26).flags).toEqual([
      ...["O_RDWR", "O_LARGEFILE", "O_NONBLOCK", "O_SYNC", "O_NOATIME"],
    ]);
    expect(at(1, 27).flags).toEqual(["O_RDONLY", "O_PATH"]);
    expect(at(1, 28)).toMatchObject({
      type: "directory",
      flags: expect.arrayContaining(["O_PATH"]),
    });
    expect(at(1, 29)).toMatchObject({ position: 7, owner: { pid: 1, signal: 37 } });
    expect(at(1, 250).id).toBe(at(1, 29).id);
    expect(at(1, 251).id).toBe(at(1, 29).id);
    expect(at(1, 33).namespace?.type).toBe("net");
  });

  it("are memfds with seals, holes, odd names and none", () => {
    const seals = ["F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE"];
    expect(at(1, 34)).toMatchObject({ memfd: { name: "all seals", seals }, position: 6 });
    expect(at(1, 35).memfd?.name).toBe("\u001b[7mlines\nand\udcff");
    expect(at(1, 36)).toMatchObject({ sizeBytes: 64 * 4096, position: 3 });
    expect(at(1, 37).memfd?.name).toBe("");
  });

  it("are locked in all ways", () => {
    const locks = list.locks.map(({ pid, fd, kind, access, start, length }) =>
      [pid, fd, kind, access, start, length].join(" "),
    );
    expect(locks).toEqual([
      "1 38 posix write 0 10",
      "1 38 posix read 100 0",
      "1 39 flock write 0 0",
      "1 40 flock read 0 0",
      "1 41 ofd write 5 1099511627776",
      "1 41 ofd read 2199023255552 0",
      "1 42 lease read 0 0",
      "1 43 lease write 0 0",
      "27 44 posix read 200 50",
      "27 46 flock read 0 0",
    ]);
  });

  it("are watched: single ones, with their events, and a whole mount", () => {
    const notify = at(1, 44).watches?.map(({ wd, path, events }) => [wd, path, events.join(" ")]);
    expect(notify).toEqual([
      [5, "/tmp/watched/inner", "IN_MOVED_FROM IN_CREATE IN_EXCL_UNLINK"],
      [4, "/tmp/watched/odd \u001b[1m\n\udcff", "IN_ATTRIB"],
      [2, "/tmp/watched/file", "IN_MODIFY IN_CLOSE_WRITE IN_ONESHOT"],
      [1, "/tmp/watched", expect.stringMatching(/^IN_ACCESS .* IN_MOVE_SELF$/)],
    ]);
    expect(at(1, 45).watches).toEqual([]);
    expect(at(1, 46).watches).toMatchObject([
      { path: "/tmp/watched/file", events: ["FAN_OPEN"], ignored: ["FAN_ACCESS"] },
      {
        path: "/tmp/watched",
        events: ["FAN_MODIFY", "FAN_CLOSE_WRITE", "FAN_EVENT_ON_CHILD"],
        ignored: [],
      },
    ]);
    const root = mounts.items.find(({ mountpoint }) => mountpoint === "/");
    expect(at(1, 47).watches).toMatchObject([
      { path: null, mountId: root?.id, events: ["FAN_CLOSE_NOWRITE"] },
    ]);
  });

  it("are folders: a deleted one, a jail, one of another mount namespace", () => {
    const uses = list.items.flatMap(({ path, deleted, uses: used }) =>
      used.map(({ pid, as }) => `${pid} ${as} ${path}${deleted === null ? "" : " (deleted)"}`),
    );
    expect(uses).toEqual(
      expect.arrayContaining([
        "25 cwd /tmp/gone (deleted)",
        "26 cwd /tmp/jail",
        "26 root /tmp/jail",
        "1 map /tmp/ghost-mapped (deleted)",
      ]),
    );
    expect(at(28, 51)).toMatchObject({
      path: "/tmp/only-here/file",
      mount: { mountpoint: "/tmp/only-here", source: "only-here" },
    });
  });

  it("lie on mounts with odd names, flags and sharing, one above the other", () => {
    expect(mounts.namespaces.map(({ pids }) => pids)).toEqual([[1, 25, 26, 27, 29], [28]]);
    const outer = mounts.items.filter(({ namespaceId: id }) => id === mounts.namespaces[0]?.id);
    const find = (mountpoint: string) => outer.filter((mount) => mount.mountpoint === mountpoint);
    expect(find("/tmp/a")).toMatchObject([{ source: "tmpfs \u001b[1m" }]);
    expect(find("/tmp/a")[0]?.flags).toEqual(expect.arrayContaining(["MS_NOSUID", "MS_NODEV"]));
    expect(find("/tmp/odd mount\n\u001b[31m")[0]?.flags).toContain("MS_RDONLY");
    const [shared] = find("/tmp/shared");
    expect(shared?.sharedId).toBe(1);
    expect(find("/tmp/slave")[0]?.masterId).toBe(shared?.sharedId);
    const [below, above] = find("/tmp/over");
    expect(above).toMatchObject({ source: "second", parentId: below?.id });
  });
});

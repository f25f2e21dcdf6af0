import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { ProblemLog } from "../../src/base/problem.ts";
import { readAddress, showAddress, showEndpoint } from "../../src/criu/addresses.ts";
import { type FileModel, readFileModel } from "../../src/criu/files/file-model.ts";
import { readFileTable } from "../../src/criu/files/file-table.ts";
import { openFlags } from "../../src/criu/files/flags.ts";
import { GhostContent } from "../../src/criu/files/ghost.ts";
import { unixName } from "../../src/criu/files/unix-socket.ts";
import { entry, image, u32 } from "../support/criu-encoder.ts";

const fown = { uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0 };
const ids = { vm_id: 1, files_id: 7, fs_id: 1, sighand_id: 1 };

type Images = Record<string, Buffer>;

const base: Images = { "ids-1.img": image("IDS", entry("task_kobj_ids_entry", ids)) };

async function read(images: Images): Promise<{ model: FileModel; said: string[] }> {
  const all: Images = { ...base, ...images };
  const folder = {
    names: () => Object.keys(all),
    open: (name: string) => (all[name] === undefined ? undefined : new BufferSource(all[name])),
    label: (name: string) => name,
  };
  const problems = new ProblemLog();
  const model = await readFileModel(
    { folder, problems },
    [1],
    await readFileTable({ folder, problems }),
  );
  return { model, said: problems.list().map(({ message }) => message) };
}

const fd = (number: number, id: number, type = 1): Buffer =>
  entry("fdinfo_entry", { id, flags: 0, type, fd: number });
const reg = (id: number, name: string, more: object = {}): Buffer =>
  entry("file_entry", { type: 1, id, reg: { id, flags: 0, pos: 0n, fown, name, ...more } });

describe("descriptors", () => {
  it("that name no file are told, and the others shown", async () => {
    const { model, said } = await read({
      "fdinfo-7.img": image("FDINFO", fd(0, 1), fd(3, 99)),
      "files.img": image("FILES", reg(1, "/a")),
    });
    expect(said).toEqual([
      "descriptor 3 of process 1 names regular file 99, which is not among the open files",
    ]);
    expect(model.files[0]?.holders).toEqual([{ tableId: 7, pid: 1, fd: 0 }]);
    expect(model.tables[0]?.descriptors.length).toBe(2);
  });

  it("that are there twice, impossible, or of no known type are told", async () => {
    const { model, said } = await read({
      "fdinfo-7.img": image("FDINFO", fd(0, 1), fd(0, 1), fd(2 ** 32 - 1, 1), fd(4, 1, 77)),
      "files.img": image("FILES", reg(1, "/a"), reg(1, "/b")),
    });
    expect(said).toEqual([
      "there are two regular files 1; the first counts",
      "descriptor 0 is there twice; the first counts",
      "there is a descriptor 4294967295; allowed up to 2147483647",
      "descriptor 4 is of type 77, which we do not know",
    ]);
    expect(model.find("regular", 1)?.name).toBe("/a");
  });

  it("of a table that is missing are told", async () => {
    expect((await read({})).said).toEqual(["there is no fdinfo-7.img, which a process needs"]);
  });
});

describe("files", () => {
  it("that are broken leave the others alone", async () => {
    const { model, said } = await read({
      "fdinfo-7.img": image("FDINFO"),
      "files.img": image(
        "FILES",
        reg(1, "/a", { pos: 1n << 60n }),
        Buffer.concat([u32(3), Buffer.from([0xff, 0xff, 0xff])]),
        entry("file_entry", { type: 5, id: 3 }),
        entry("file_entry", { type: 99, id: 4 }),
        reg(5, "/z"),
      ),
    });
    expect(model.files.map(({ name }) => name)).toEqual(["/a", "/z"]);
    expect(model.files[0]?.position).toBeUndefined();
    expect(said.length).toBe(4);
    expect(said.join("\n")).toContain("says nothing of itself");
    expect(said.join("\n")).toContain("impossible position");
  });

  it("of CRIU before 3.4 stand in images of their own, FIFOs with the number of their path", async () => {
    const split = { id: 3, flags: 2, pos: 0n, fown, name: "/fifo" };
    const { model, said } = await read({
      "fdinfo-7.img": image("FDINFO", fd(0, 3, 3), fd(1, 4, 7)),
      "reg-files.img": image("REG_FILES", entry("reg_file_entry", split)),
      "fifo.img": image("FIFO", entry("fifo_entry", { id: 3, pipe_id: 8 })),
      "fifo-data.img": image(
        "FIFO_DATA",
        entry("pipe_data_entry", { pipe_id: 8, bytes: 2 }, Buffer.from("hi")),
      ),
      "eventpoll.img": image(
        "EVENTPOLL_FILE",
        entry("eventpoll_file_entry", { id: 4, flags: 2, fown }),
      ),
      "eventpoll-tfd.img": image(
        "EVENTPOLL_TFD",
        entry("eventpoll_tfd_entry", { id: 4, tfd: 0, events: 1, data: 5n }),
        entry("eventpoll_tfd_entry", { id: 9, tfd: 0, events: 1, data: 5n }),
      ),
    });
    expect(said).toEqual(["there is no epoll file 9"]);
    const fifo = model.find("fifo", 3);
    expect([fifo?.path, fifo?.queues[0]?.sizeBytes]).toEqual(["/fifo", 2]);
    const targets = model.find("epoll", 4)?.details.epoll?.targets;
    expect(targets).toMatchObject([{ fd: 0, kind: "fifo", fileId: 3, events: ["EPOLLIN"] }]);
  });
});

describe("queues", () => {
  it("that announce more bytes than there are, or belong to nobody, are told", async () => {
    const { said } = await read({
      "fdinfo-7.img": image("FDINFO"),
      "pipes-data.img": image(
        "PIPES_DATA",
        entry("pipe_data_entry", { pipe_id: 1, bytes: 2 }, Buffer.from("hi")),
        entry("pipe_data_entry", { pipe_id: 2, bytes: 4294967295 }),
      ),
      "sk-queues.img": image("SK_QUEUES", entry("sk_packet_entry", { id_for: 5, length: 0 })),
    });
    expect(said).toEqual([
      "the bytes behind an entry are cut short; found 0 bytes left; allowed 4,294,967,295 bytes",
      "packets wait for socket 5, which is not among the open files",
      "bytes wait for a file that is not among the open files",
    ]);
  });
});

describe("deleted files", () => {
  const remap = entry("remap_file_path_entry", { orig_id: 1, remap_id: 10, remap_type: 1 });
  const images = (ghost: Images): Images => ({
    "fdinfo-7.img": image("FDINFO", fd(0, 1)),
    "files.img": image("FILES", reg(1, "/gone")),
    "remap-fpath.img": image("REMAP_FPATH", remap),
    ...ghost,
  });
  const head = { uid: 0, gid: 0, mode: 0o100600, chunks: true, size: 100n };
  const chunk = (off: bigint | number, text: string, len: bigint | number = text.length): Buffer =>
    entry("ghost_chunk_entry", { len: BigInt(len), off: BigInt(off) }, Buffer.from(text));
  const ghostOf = (...chunks: Buffer[]): Images => ({
    "ghost-file-a.img": image("GHOST_FILE", entry("ghost_file_entry", head), ...chunks),
  });

  it("are named in hex, and have holes", async () => {
    const all = images(ghostOf(chunk(10, "ab"), chunk(50, "cd")));
    const { model, said } = await read(all);
    expect(said).toEqual([]);
    const deleted = model.files[0]?.deleted;
    if (deleted?.how !== "ghost" || deleted.ghost === undefined) throw new Error("no ghost");
    const source = new BufferSource(all["ghost-file-a.img"] as Buffer);
    const content = new GhostContent(deleted.ghost, source);
    const bytes = Buffer.from(await content.read(0, 1000));
    expect([bytes.length, bytes.toString("latin1", 10, 12), bytes[12]]).toEqual([100, "ab", 0]);
    expect(Buffer.from(await content.read(11, 40)).toString("latin1")).toBe(`b${"\0".repeat(38)}c`);
    expect(content.size).toBe(100);
  });

  it.each([
    ["that begin before the last ended", [chunk(10, "ab"), chunk(11, "x")]],
    ["that go back to the start", [chunk(10, "ab"), chunk(0, "x")]],
    ["outside of the file", [chunk(10, "ab"), chunk(99, "xy")]],
    ["beyond any sane size", [chunk(10, "ab"), chunk((1n << 64n) - 1n, "x")]],
    ["longer than the image", [chunk(10, "ab"), chunk(20, "x", 1n << 63n)]],
  ])("with chunks %s keep those before", async (_name, chunks) => {
    const { model, said } = await read(images(ghostOf(...chunks)));
    expect(said.length).toBe(1);
    const deleted = model.files[0]?.deleted;
    if (deleted?.how !== "ghost") throw new Error("no ghost");
    expect(deleted.ghost).toMatchObject({ complete: false, sizeBytes: 100 });
    expect(deleted.ghost?.chunks.map(({ at }) => at)).toEqual([10]);
  });

  it("without their content are told", async () => {
    expect((await read(images({}))).said).toEqual([
      "deleted file 1 has no ghost-file-a.img, so its content is lost",
    ]);
  });

  it("of CRIU before 1.6 mark ghosts in the number", async () => {
    const old = entry("remap_file_path_entry", { orig_id: 1, remap_id: 0x8000000a });
    const { model } = await read({
      ...images(ghostOf(chunk(0, "x"))),
      "remap-fpath.img": image("REMAP_FPATH", old),
    });
    expect(model.files[0]?.deleted).toMatchObject({ how: "ghost", id: 10 });
  });
});

describe("mounts", () => {
  const mount = (id: number, parent: number, path: string): Buffer =>
    entry("mnt_entry", {
      fstype: 1,
      mnt_id: id,
      root_dev: 0,
      parent_mnt_id: parent,
      flags: 1,
      root: "/",
      mountpoint: path,
      source: "x",
      options: "",
    });

  it("in a circle are shown once, and told once", async () => {
    const circle = [mount(1, 0, "/"), mount(2, 3, "/a"), mount(3, 2, "/b"), mount(1, 0, "/c")];
    const { model, said } = await read({
      "fdinfo-7.img": image("FDINFO"),
      "mountpoints-5.img": image("MNTS", ...circle),
    });
    expect(model.mounts.mounts.map(({ id, depth }) => [id, depth])).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
    ]);
    expect(said.length).toBe(2);
  });

  it("of a namespace without an image are told", async () => {
    const inventory = { img_version: 2, root_ids: { ...ids, mnt_ns_id: 1 } };
    const { said } = await read({
      "ids-1.img": image("IDS", entry("task_kobj_ids_entry", { ...ids, mnt_ns_id: 9 })),
      "fdinfo-7.img": image("FDINFO"),
      "inventory.img": image("INVENTORY", entry("inventory_entry", inventory)),
    });
    expect(said).toEqual([
      "there is no mountpoints-9.img, so the mounts of a namespace are not known",
    ]);
  });
});

describe("notation", () => {
  it("of addresses is the usual one", () => {
    expect(showEndpoint([0x0100007f], 80)).toBe("127.0.0.1:80");
    expect(showEndpoint([0, 0, 0, 0x01000000], 18081)).toBe("[::1]:18081");
    expect(showEndpoint([0, 0, 0xffff0000, 0x0100007f], 1)).toBe("[::ffff:127.0.0.1]:1");
    expect(showEndpoint([0x80fe, 0, 0, 0x01000000], 1, "eth0")).toBe("[fe80::1%eth0]:1");
    expect(showEndpoint([0x0100007f], undefined)).toBe("127.0.0.1");
    expect(showEndpoint([0, 0, 0, 0x01000000], undefined)).toBe("[::1]");
  });

  it("of addresses is read back, IPv4 within IPv6 dotted or not", () => {
    const mapped = [0, 0, 0xffff0000, 0x0201007f];
    expect(showAddress(mapped)).toBe("::ffff:127.0.1.2");
    expect(readAddress("::ffff:127.0.1.2")).toEqual(mapped);
    expect(readAddress("::ffff:7f00:102")).toEqual(mapped);
    expect(readAddress("1:2:3:4:5:6:127.0.1.2")).toEqual([
      0x02000100, 0x04000300, 0x06000500, 0x0201007f,
    ]);
    for (const wrong of [
      "::ffff:127.0.1",
      "::127.0.0.256",
      "127.0.0.1::",
      "1:2:3:4:5:6:7:1.2.3.4",
    ]) {
      expect(readAddress(wrong), wrong).toBeUndefined();
    }
  });

  it("of unix names tells paths from abstract ones", () => {
    expect(unixName(Buffer.from("\0a\0b"))).toBe("@a\0b");
    expect(unixName(Buffer.from("/run/x\0rest"))).toBe("/run/x");
    expect(unixName(Buffer.from("x\0"), "/run/")).toBe("/run/x");
    expect(unixName(Buffer.alloc(0))).toBeUndefined();
  });

  it("of open flags follows the architecture", () => {
    expect(openFlags(0o300000, "X86_64")).toEqual(["O_RDONLY", "O_LARGEFILE", "O_DIRECTORY"]);
    expect(openFlags(0o440000, "AARCH64")).toEqual(["O_RDONLY", "O_DIRECTORY", "O_LARGEFILE"]);
    expect(openFlags(0o4010001)).toEqual(["O_WRONLY", "O_SYNC"]);
  });
});

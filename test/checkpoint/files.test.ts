import { describe, expect, it } from "vitest";
import { text } from "../../src/base/bytes.ts";
import { deletedFiles } from "../../src/checkpoint/deleted-files.ts";
import type { FileItem } from "../../src/checkpoint/file-item.ts";
import { listFiles } from "../../src/checkpoint/file-list.ts";
import { listMounts } from "../../src/checkpoint/mount-list.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { listSockets } from "../../src/checkpoint/socket-list.ts";
import { rich } from "../support/samples.ts";

// All that samples/rich/README.md says of descriptors, by name.
const checkpoint = await openCheckpoint(rich, { permissions: "any" });
const list = await listFiles(checkpoint, { reveal: true });
const sockets = await listSockets(checkpoint, { reveal: true });
const mounts = await listMounts(checkpoint);

function at(pid: number, fd: number): FileItem {
  const table = list.tables.find(({ pids }) => pids.includes(pid));
  const descriptor = table?.descriptors.find((each) => each.fd === fd);
  const file = list.items.find(
    ({ kind, id }) => kind === descriptor?.kind && id === descriptor.fileId,
  );
  if (file === undefined) throw new Error(`pid ${pid} has no descriptor ${fd}`);
  return file;
}

function queued(item: Pick<FileItem, "queues">): string[] {
  return item.queues
    .flatMap(({ chunks }) => chunks)
    .map(({ content }) => Buffer.from(content ?? "", "base64").toString());
}

const socketAt = (pid: number, fd: number) => {
  const found = sockets.items.find(({ holders }) =>
    holders.some((holder) => holder.pid === pid && holder.fd === fd),
  );
  if (found === undefined) throw new Error(`no socket at ${pid}/${fd}`);
  return found;
};

describe("descriptors of the rich sample", () => {
  it("are 47 in five tables, and name 55 files", () => {
    const counts = list.tables.map(({ pids, descriptors }) => [pids, descriptors.length]);
    expect(counts).toEqual([
      [[1], 31],
      [[2], 6],
      [[3], 4],
      [[4], 3],
      [[6], 3],
    ]);
    expect(list.items.length).toBe(55);
    // Git keeps no 0600, so what the gate says depends on the checkout.
    expect(list.problems.filter(({ code }) => !code.startsWith("permissions-"))).toEqual([]);
  });

  it("from 10 up are close-on-exec", () => {
    for (const { descriptors } of list.tables) {
      for (const { fd, closeOnExec } of descriptors) expect(closeOnExec).toBe(fd >= 10);
    }
  });

  it("0 to 2 are /dev/null and the pipes to conmon, which lead outside", () => {
    expect(list.standardDescriptors).toEqual(["/dev/null", "pipe:[50722]", "pipe:[50723]"]);
    for (const pid of [1, 2, 3, 4, 6]) {
      expect(at(pid, 0)).toMatchObject({ path: "/dev/null", type: "character-device" });
      expect(at(pid, 1)).toMatchObject({ name: "pipe:[50722]", external: true, access: "w" });
      expect(at(pid, 2)).toMatchObject({ name: "pipe:[50723]", external: true, access: "w" });
    }
  });

  it("1/10 ← 2/11 is a pipe", () => {
    expect(at(1, 10)).toMatchObject({ kind: "pipe", access: "r", external: false });
    expect(at(2, 11)).toMatchObject({ kind: "pipe", access: "w", queues: [] });
    expect(at(1, 10).pipe).toEqual(at(2, 11).pipe);
    expect(queued(at(1, 10))).toEqual(["unread-pipe-data"]);
    expect(at(1, 10).queues[0]).toMatchObject({ sizeBytes: 16, capacityBytes: 65536 });
  });

  it("1/12 is a FIFO", () => {
    expect(at(1, 12)).toMatchObject({ kind: "fifo", path: "/tmp/rich.fifo", type: "fifo" });
    expect(queued(at(1, 12))).toEqual(["queued-fifo-bytes"]);
  });

  it("1/25 is a memfd", () => {
    const memfd = { name: "rich-memfd-file", seals: ["F_SEAL_SHRINK"], shmid: 100 };
    expect(at(1, 25)).toMatchObject({ kind: "memfd", sizeBytes: 4096, memfd });
  });

  it("1/26 is in /dev/shm, on its mount", () => {
    const mount = { mountpoint: "/dev/shm", fstype: "tmpfs", source: "shm" };
    expect(at(1, 26)).toMatchObject({ path: "/dev/shm/rich-shm", sizeBytes: 4096, mount });
  });

  it("1/27 is deleted, and its content is there", async () => {
    const deleted = { how: "ghost", sizeBytes: 15, member: "checkpoint/ghost-file-1.img" };
    expect(at(1, 27)).toMatchObject({ path: "/tmp/ghost", position: 15, deleted });
    const files = await deletedFiles(checkpoint);
    expect(files.map(({ name }) => name)).toEqual(["ghost-1-ghost", "ghost-2-vanishing"]);
    expect(text((await files[0]?.content?.read(0, 100)) as Uint8Array)).toBe("ghost file body");
    const vanishing = list.items.find(({ path }) => path === "/tmp/vanishing");
    expect(vanishing?.uses).toContainEqual({ pid: 6, as: "exe" });
    expect(vanishing?.deleted).toMatchObject({ how: "ghost", ghostId: 2, sizeBytes: 544 });
  });

  it("1/28 is an epoll file on 10, 17, 29 and 30", () => {
    const targets = at(1, 28).epoll?.targets ?? [];
    expect(targets.map(({ fd }) => fd).sort()).toEqual([10, 17, 29, 30]);
    for (const { fd, data, events, fileId } of targets) {
      expect(data).toBe(BigInt(0x1000 + fd));
      expect(events).toContain("EPOLLIN");
      expect(events).toContain("EPOLLET");
      expect(fileId).toBe(at(1, fd).id);
    }
  });

  it("1/29, 1/30, 1/31 and 1/39 are eventfd, timerfd, signalfd and pidfd", () => {
    expect(at(1, 29).eventfd).toEqual({ count: 7n });
    expect(at(1, 30).timer).toMatchObject({ clock: "CLOCK_MONOTONIC", intervalSeconds: 60 });
    expect(Math.floor(at(1, 30).timer?.remainingSeconds ?? 0)).toBe(3597);
    expect(at(1, 31).signals).toEqual(["SIGUSR2"]);
    expect(at(1, 39).pidfd).toEqual({ pid: 2 });
  });

  it("1/32 and 1/33 are locked", () => {
    expect(list.locks).toMatchObject([
      { kind: "posix", access: "write", pid: 1, fd: 32, start: 0, length: 10 },
      { kind: "flock", access: "write", pid: 1, fd: 33, name: "/tmp/flock.lock" },
    ]);
    expect(list.locks[0]?.name).toBe("/tmp/posix.lock");
  });

  it("1/36 and 3/37 are both ends of a terminal", () => {
    expect(at(1, 36).terminal).toMatchObject({ end: "master", index: 0, device: "5:2" });
    expect(queued(at(1, 36))).toEqual(["queued-tty-bytes"]);
    expect(at(3, 37).terminal).toMatchObject({ end: "slave", index: 0, sid: 3 });
    expect(at(3, 37)).toMatchObject({ kind: "tty", path: "/dev/pts/0" });
  });

  it("1/40 appends to a log, 1/41 is a folder", () => {
    expect(at(1, 40)).toMatchObject({ path: "/tmp/rich.log", position: 11, access: "w" });
    expect(at(1, 40).flags).toContain("O_APPEND");
    expect(at(1, 41)).toMatchObject({ path: "/srv", type: "directory" });
  });

  it("are followed by programs, working folders and mapped files", () => {
    const uses = (pid: number, as: string): (string | null)[] =>
      list.items
        .filter((file) => file.uses.some((use) => use.pid === pid && use.as === as))
        .map(({ name }) => name);
    expect(uses(1, "exe")).toEqual(["/bin/rich"]);
    expect(uses(6, "exe")).toEqual(["/tmp/vanishing"]);
    expect(uses(2, "cwd")).toEqual(["/srv/data"]);
    expect(uses(3, "root")).toEqual(["/"]);
    expect(uses(1, "map")).toContain("memfd:rich-program");
    expect(uses(1, "map")).toContain("/etc/rich.conf");
  });
});

describe("sockets of the rich sample", () => {
  it("1/13 ← 2/14 is a unix stream pair", () => {
    const one = { family: "unix", type: "stream", state: "established", local: null };
    expect(socketAt(1, 13)).toMatchObject({ ...one, peerHolder: { pid: 2, fd: 14 } });
    expect(socketAt(2, 14)).toMatchObject({ ...one, peerHolder: { pid: 1, fd: 13 } });
    expect(queued(socketAt(1, 13))).toEqual(["queued-unix-bytes"]);
  });

  it("1/15 and 1/16 are unix listeners", () => {
    const listener = { type: "stream", state: "listen", backlog: 5 };
    expect(socketAt(1, 15)).toMatchObject({ ...listener, local: "/tmp/rich.sock", mode: "0755" });
    expect(socketAt(1, 16)).toMatchObject({ ...listener, local: "@rich-abstract" });
  });

  it("1/17 listens for TCP, 1/19 ← 2/18 is established", () => {
    const tcp = { family: "inet", protocol: "tcp" };
    const listener = { local: "0.0.0.0:18080", remote: null, backlog: 7, state: "listen" };
    expect(socketAt(1, 17)).toMatchObject({ ...tcp, ...listener });
    const server = { local: "127.0.0.1:18080", remote: "127.0.0.1:28080", state: "established" };
    expect(socketAt(1, 19)).toMatchObject({ ...tcp, ...server, peerHolder: { pid: 2, fd: 18 } });
    expect(queued(socketAt(1, 19))).toEqual(["queued-tcp-bytes"]);
    expect(socketAt(1, 19).options).not.toHaveProperty("tcp_nodelay");
    expect(socketAt(2, 18).options).toMatchObject({ tcp_nodelay: true, so_reuseaddr: true });
    expect(socketAt(2, 18)).toMatchObject({ receivedBytes: 0, unsentBytes: 0 });
  });

  it("1/20 listens for TCP over IPv6, 1/22 ← 1/21 is established", () => {
    expect(socketAt(1, 20)).toMatchObject({ local: "[::1]:18081", state: "listen", backlog: 7 });
    expect(socketAt(1, 22)).toMatchObject({ local: "[::1]:18081", remote: "[::1]:28081" });
    expect(socketAt(1, 21)).toMatchObject({ family: "inet6", peerHolder: { pid: 1, fd: 22 } });
    expect(queued(socketAt(1, 22))).toEqual(["queued-tcp6-bytes"]);
  });

  it("1/23 and 1/24 are UDP, one connected", () => {
    expect(socketAt(1, 23)).toMatchObject({ protocol: "udp", state: "unconnected", remote: null });
    expect(socketAt(1, 24)).toMatchObject({ local: "[::1]:18083", remote: "[::1]:18084" });
  });

  it("1/34 ← 1/35 keeps the borders of datagrams", () => {
    expect(queued(socketAt(1, 34))).toEqual(["first-datagram", "second-datagram"]);
    expect(socketAt(1, 35)).toMatchObject({ type: "dgram", peerHolder: { pid: 1, fd: 34 } });
  });

  it("1/38 is a netlink socket", () => {
    expect(socketAt(1, 38)).toMatchObject({ family: "netlink", local: "route:4242" });
  });
});

describe("masking and choosing", () => {
  it("shows sizes of queues and no content unless asked", async () => {
    const { items } = await listFiles(checkpoint);
    const chunks = items.flatMap(({ queues }) => queues).flatMap((queue) => queue.chunks);
    expect(chunks.length).toBe(8);
    for (const { content, sizeBytes } of chunks) {
      expect(content).toBeNull();
      expect(sizeBytes).toBeGreaterThan(0);
    }
  });

  it("shows what one process has, and no process that is not there", async () => {
    const own = await listFiles(checkpoint, { pid: 3 });
    expect(own.tables.map(({ pids }) => pids)).toEqual([[3]]);
    expect(own.items.flatMap(({ uses }) => uses).every(({ pid }) => pid === 3)).toBe(true);
    expect((await listSockets(checkpoint, { pid: 2 })).items.length).toBe(2);
    expect((await listFiles(checkpoint, { pid: 5 })).items).toEqual([]);
    await expect(listFiles(checkpoint, { pid: 99 })).rejects.toThrow("no process 99");
  });
});

describe("mounts of the rich sample", () => {
  it("are a tree of 31 below the overlay", () => {
    expect(mounts.items.length).toBe(31);
    expect(mounts.items[0]).toMatchObject({ mountpoint: "/", fstype: "overlay", depth: 0 });
    expect(mounts.namespaces).toEqual([{ id: 13, pids: [1, 2, 3, 4, 6] }]);
    const shm = mounts.items.find(({ mountpoint }) => mountpoint === "/dev/shm");
    expect(shm).toMatchObject({
      fstype: "tmpfs",
      source: "shm",
      externalKey: "/dev/shm",
      depth: 2,
    });
    expect(shm?.flags).toEqual(["MS_NOSUID", "MS_NODEV", "MS_NOEXEC", "MS_RELATIME"]);
    const sys = mounts.items.find(({ mountpoint }) => mountpoint === "/sys");
    expect(sys?.flags[0]).toBe("MS_RDONLY");
  });
});

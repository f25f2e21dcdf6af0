import { describe, expect, it } from "vitest";
import type { ImageList } from "../../src/checkpoint/image-list.ts";
import type { Inspection } from "../../src/checkpoint/inspection.ts";
import { run } from "../support/run.ts";
import { privateCopy, sampleArchives, samplePath } from "../support/samples.ts";

/**
 * What a person found in each archive with tar, jq and crit (test/golden/README.md says how).
 * Written by hand: nothing here is copied from our own output.
 */
interface Facts {
  engine: string;
  compression: string;
  members: number;
  sizeBytes: number;
  ociRuntime: string;
  id: string;
  name: string;
  /** `namespace/pod`, and the pod's uid. */
  pod: [string, string] | null;
  image: string;
  imageRef: string | null;
  checkpointedAt: string;
  /** pid, number of page image and pages of `counter` and of its child, `sleep 1`. */
  counter: [pid: number, pagesId: number, pages: number];
  sleep: [pid: number, pagesId: number, pages: number];
}

const lab = "127.0.0.1:5000/lab/busybox:1";
const digest = "sha256:c24b78303cf6660644401f8bd4ff3328dfcc5931b05588fd75ccce65353cec9f";
const crioRef = "3182367233a9a2c11d36e78be0cea94ecb05c49587ecd42f11dcb76fb58a822a";
const crio = { engine: "cri-o", compression: "none", image: lab, imageRef: crioRef };
const containerd = {
  engine: "containerd",
  compression: "none",
  ociRuntime: "io.containerd.runc.v2",
  image: lab,
  imageRef: `127.0.0.1:5000/lab/busybox@${digest}`,
};
const podman = { engine: "podman", pod: null, image: "localhost/lab/busybox:1", imageRef: null };

const busybox: Record<string, Facts> = {
  "crio/checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:14Z.tar": {
    ...crio,
    members: 34,
    sizeBytes: 292_864,
    ociRuntime: "crun",
    id: "93887e4ddfd9a1f5db9f6ee2927c3db78cb1c4e6856a79150e1c016797543cc8",
    name: "counter",
    pod: ["default/counter-lab-node", "33912abb469e692bdc72319651e098aa"],
    checkpointedAt: "2026-11-21T21:20:14.707198893Z",
    counter: [1, 1, 18],
    sleep: [14, 2, 16],
  },
  "crio/checkpoint-mounts-lab-node_default-mounts-2026-11-21T21:20:15Z.tar": {
    ...crio,
    members: 34,
    sizeBytes: 331_264,
    ociRuntime: "crun",
    id: "50fd8df73c32cce3cf54382a1e82c20645319945dcfe6940bc4f8ae64ba059e7",
    name: "mounts",
    pod: ["default/mounts-lab-node", "801fd1602ec6f1f6ea5cde6be8de657f"],
    checkpointedAt: "2026-11-21T21:20:15.607946865Z",
    counter: [1, 1, 18],
    sleep: [15, 2, 16],
  },
  "crio/checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21:20:15Z.tar": {
    ...crio,
    members: 35,
    sizeBytes: 284_672,
    ociRuntime: "crun",
    id: "8b56960c5795c88c3764de4567a073cf8303f1a4ba08c32fc2bf261f1385367a",
    name: "rootfs",
    pod: ["default/rootfs-lab-node", "c6c38877cbbf3f069927525237382635"],
    checkpointedAt: "2026-11-21T21:20:15.401196521Z",
    counter: [1, 1, 16],
    sleep: [18, 2, 16],
  },
  "crio/counter-runc.tar": {
    ...crio,
    members: 35,
    sizeBytes: 745_984,
    ociRuntime: "runc",
    id: "5b8e925e74215c220fd0a65d1f7239fcad381276f456e36d72881f8608186afe",
    name: "counter",
    pod: ["default/counter-lab-node", "33912abb469e692bdc72319651e098aa"],
    checkpointedAt: "2026-11-21T21:40:30.53621413Z",
    counter: [1, 1, 17],
    sleep: [8, 2, 16],
  },
  "containerd/checkpoint-counter-lab-node_default-counter-2026-11-21T21:05:01Z.tar": {
    ...containerd,
    members: 35,
    sizeBytes: 284_672,
    id: "44f70af806e1bfaf384eae7daf7b71fa876f5d4eb76b436303f2a5e5729d218e",
    name: "counter",
    pod: ["default/counter-lab-node", "811a2b55317386bac1afa7a0a3d83ea6"],
    checkpointedAt: "2026-11-21T21:05:01.626617693Z",
    counter: [1, 1, 18],
    sleep: [19, 2, 15],
  },
  "containerd/checkpoint-mounts-lab-node_default-mounts-2026-11-21T21:05:02Z.tar": {
    ...containerd,
    members: 35,
    sizeBytes: 317_952,
    id: "180478221ca80c9337776d138bf587b5bb278470ac297708818399bdd508059f",
    name: "mounts",
    pod: ["default/mounts-lab-node", "c2baaac65af4aa24ebbc5fb99a96898f"],
    checkpointedAt: "2026-11-21T21:05:02.765022944Z",
    counter: [1, 1, 18],
    sleep: [19, 2, 16],
  },
  "containerd/checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21:05:02Z.tar": {
    ...containerd,
    members: 35,
    sizeBytes: 280_064,
    id: "d58a94ef77d35307dbc0a38b8f342b8e8d10e339a33e38e76168109d5dbf5c03",
    name: "rootfs",
    pod: ["default/rootfs-lab-node", "50042711741ece2367e4f92ce143d119"],
    checkpointedAt: "2026-11-21T21:05:02.390539673Z",
    counter: [1, 1, 17],
    sleep: [20, 2, 15],
  },
  "podman/busybox-crun-none.tar": {
    ...podman,
    compression: "none",
    members: 44,
    sizeBytes: 260_096,
    ociRuntime: "crun",
    id: "631c70566704d23788d16e282fd5921aa92b03c7c6829fe28e1a05a997bad5b8",
    name: "busybox-crun-none",
    checkpointedAt: "2026-11-21T20:58:44Z",
    counter: [1, 1, 17],
    sleep: [4, 2, 17],
  },
  "podman/busybox-crun-zstd.tar.zst": {
    ...podman,
    compression: "zstd",
    members: 44,
    sizeBytes: 30_770,
    ociRuntime: "crun",
    id: "f583d752d3de071d8ffc48700da323da6aa1fa1c9a7d12599066e49e5476285c",
    name: "busybox-crun-zstd",
    checkpointedAt: "2026-11-21T20:58:40Z",
    counter: [1, 1, 19],
    sleep: [4, 2, 16],
  },
  "podman/busybox-env-secrets.tar.gz": {
    ...podman,
    compression: "gzip",
    members: 36,
    sizeBytes: 42_356,
    ociRuntime: "runc",
    id: "78781cbe0248f8d03da361491d932c2fb3fa6254c8656337241577bc50d2c538",
    name: "busybox-env-secrets",
    checkpointedAt: "2026-11-21T20:59:04Z",
    counter: [1, 1, 19],
    sleep: [7, 2, 15],
  },
  "podman/busybox-rootfs-changes.tar.gz": {
    ...podman,
    compression: "gzip",
    members: 37,
    sizeBytes: 42_831,
    ociRuntime: "runc",
    id: "684c73cf99068de69aa1278e8570058785e559f81b526047e5cde2a0fe9559c8",
    name: "busybox-rootfs-changes",
    checkpointedAt: "2026-11-21T20:58:52Z",
    counter: [1, 1, 17],
    sleep: [15, 2, 16],
  },
  "podman/busybox-runc-gzip.tar.gz": {
    ...podman,
    compression: "gzip",
    members: 36,
    sizeBytes: 41_774,
    ociRuntime: "runc",
    id: "5c026f81bec903b5abade6c86b8a1ef442774f8cadef6def50091ff795c9709d",
    name: "busybox-runc-gzip",
    checkpointedAt: "2026-11-21T20:58:26Z",
    counter: [1, 1, 17],
    sleep: [8, 2, 15],
  },
  "podman/busybox-volume.tar.gz": {
    ...podman,
    compression: "gzip",
    members: 38,
    sizeBytes: 41_487,
    ociRuntime: "runc",
    id: "9bb8d71a6ce1671d6a1c3bcd0a5d9a7f84da5b09405d1717cb5728a4732908b4",
    name: "busybox-volume",
    checkpointedAt: "2026-11-21T20:58:58Z",
    counter: [1, 1, 16],
    sleep: [8, 2, 17],
  },
};

async function json<T>(words: readonly string[], sample: string): Promise<T> {
  const copy = privateCopy(samplePath(sample));
  const { code, out, err } = await run([...words, "-o", "json", "--permissions", "owner", copy]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as T;
}

it("facts are written down for every sample", () => {
  const samples = sampleArchives().map(({ folder, name }) => `${folder}/${name}`);
  expect([...Object.keys(busybox), "podman/rich-crun.tar"].sort()).toEqual(samples.sort());
});

describe.each(Object.entries(busybox))("%s", (sample, facts) => {
  it("says who made it and whose it is", async () => {
    const { archive, runtime, container, fileName, problems } = await json<Inspection>(
      ["inspect"],
      sample,
    );
    expect(runtime).toMatchObject({ engine: facts.engine, ociRuntime: facts.ociRuntime });
    expect(runtime.evidence.length).toBeGreaterThan(0);
    const [pod, podUid] = facts.pod ?? [null, null];
    expect(container).toMatchObject({
      id: facts.id,
      name: facts.name,
      namespace: pod?.split("/")[0] ?? null,
      pod: pod?.split("/")[1] ?? null,
      podUid,
      image: facts.image,
      imageRef: facts.imageRef,
      checkpointedAt: facts.checkpointedAt,
    });
    expect(archive).toMatchObject({
      members: facts.members,
      sizeBytes: facts.sizeBytes,
      compression: facts.compression,
      mode: "0600",
      uid: process.getuid?.(),
      lockedDown: true,
    });
    expect(fileName === null).toBe(!sample.includes("checkpoint-"));
    expect(problems).toEqual([]);
  });

  it("says what ran, and what memory it held", async () => {
    const { processes, memory, criu, sizes } = await json<Inspection>(["inspect"], sample);
    const [shell, shellImage, shellPages] = facts.counter;
    const [sleep, sleepImage, sleepPages] = facts.sleep;
    const common = { state: "alive", exitCode: null, exitSignal: null, pgid: 1, sid: 1 };
    expect(processes).toHaveLength(2);
    expect(processes[0]).toMatchObject({
      ...common,
      pid: shell,
      ppid: 0,
      comm: "counter",
      command: ["/bin/sh", "/bin/counter"],
      threads: [shell],
      dumpedBytes: shellPages * 4096,
    });
    expect(processes[1]).toMatchObject({
      ...common,
      pid: sleep,
      ppid: shell,
      comm: "sleep",
      command: ["sleep", "1"],
      threads: [sleep],
      dumpedBytes: sleepPages * 4096,
    });
    const pageBytes = (shellPages + sleepPages) * 4096;
    expect(memory.pageBytes).toBe(pageBytes);
    expect(sizes.pages).toBe(pageBytes);
    expect(memory.pageImages.map(({ pid, pagesId, pages, kind }) => [pid, pagesId, pages, kind]))
      // In the order of their numbers, which here is that of the processes.
      .toEqual([
        [shell, shellImage, shellPages, "private"],
        [sleep, sleepImage, sleepPages, "private"],
      ]);
    expect(criu).toMatchObject({ imageVersion: 2, pageSize: 4096, architecture: "X86_64" });
    expect(criu.dumpStatistics?.pagesWritten).toBe(shellPages + sleepPages);
  });

  it("lists memory first, each with its process and its share", async () => {
    const { items, pageBytes } = await json<ImageList>(["images"], sample);
    expect(items).toHaveLength(facts.members);
    const [first, second, third] = items;
    expect(first).toMatchObject({ name: "checkpoint/pages-1.img", pid: facts.counter[0] });
    expect(second).toMatchObject({ name: "checkpoint/pages-2.img", pid: facts.sleep[0] });
    expect(third?.kind).not.toBe("pages");
    expect((first?.share ?? 0) + (second?.share ?? 0)).toBeCloseTo(1);
    expect(first?.share).toBeCloseTo((facts.counter[2] * 4096) / pageBytes);
  });
});

describe("podman/rich-crun.tar", () => {
  const sample = "podman/rich-crun.tar";

  it("says who made it and whose it is", async () => {
    const { archive, runtime, container, problems } = await json<Inspection>(["inspect"], sample);
    expect(runtime).toMatchObject({ engine: "podman", ociRuntime: "crun" });
    expect(container).toMatchObject({
      id: "70e466d76e7b53cdac9021a3bdb52970c858000612d58eccd276793ca3b060c6",
      name: "rich",
      image: "localhost/rich:1",
      imageId: "5a3e917200bbf819d95790688cf755ed60b0a8aba1ab752130abc4f11f56c895",
      pod: null,
      namespace: null,
      podUid: null,
    });
    expect(archive).toMatchObject({ members: 96, sizeBytes: 591_360, compression: "none" });
    expect(problems).toEqual([]);
  });

  it("shows six processes, the zombie with what it exited with, and four threads", async () => {
    const { processes } = await json<Inspection>(["inspect"], sample);
    expect(
      processes.map(({ pid, ppid, pgid, sid, comm, threads }) => [
        pid,
        ppid,
        pgid,
        sid,
        comm,
        threads,
      ]),
    ).toEqual([
      [1, 0, 1, 1, "rich-main", [1, 7, 8, 9]],
      [2, 1, 1, 1, "rich-child", [2]],
      [3, 2, 3, 3, "rich-grand", [3]],
      [4, 1, 4, 1, "rich-group", [4]],
      [5, 1, 1, 1, "rich-zombie", [5]],
      [6, 1, 1, 1, "rich-deleted", [6]],
    ]);
    const states = processes.map(({ state, exitCode, exitSignal }) => [
      state,
      exitCode,
      exitSignal,
    ]);
    const alive = ["alive", null, null];
    expect(states).toEqual([alive, alive, alive, alive, ["zombie", 7, null], alive]);
  });

  it("shows command lines, secrets in them only when they are asked for", async () => {
    const password = "cmdline-secret-not-real";
    const { processes } = await json<Inspection>(["inspect", "--reveal"], sample);
    expect(processes.map(({ command }) => command)).toEqual([
      ["/bin/rich"],
      ["/bin/rich"],
      ["/bin/rich"],
      ["/bin/rich", "--role=group", `--password=${password}`],
      null,
      ["/tmp/vanishing", "rich-deleted"],
    ]);
    const masked = await json<Inspection>(["inspect"], sample);
    expect(masked.processes[3]?.command).toEqual([
      "/bin/rich",
      "--role=group",
      "--password=••••••••",
    ]);
    expect(JSON.stringify(masked)).not.toContain(password);
  });

  it("joins every page image to its process or its shared memory", async () => {
    const { memory } = await json<Inspection>(["inspect"], sample);
    const rows = memory.pageImages.map(({ pagesId, pid, shmid, pages }) => [
      pagesId,
      pid === null ? `shared ${shmid}` : `pid ${pid}`,
      pages,
    ]);
    expect(rows).toEqual([
      [1, "shared 99", 1],
      [2, "shared 100", 1],
      [3, "shared 101", 1],
      [4, "pid 1", 28],
      [5, "pid 2", 16],
      [6, "pid 3", 16],
      [7, "pid 4", 15],
      [8, "pid 6", 4],
      [9, "shared 0", 1],
    ]);
    expect(memory.pageBytes).toBe(83 * 4096);
  });

  it("counts the entries of images, and lists archives inside it", async () => {
    const { items } = await json<ImageList>(["images", "--nested"], sample);
    const find = (name: string) => items.find((item) => item.name === name);
    expect(find("checkpoint/files.img")?.entries).toBe(55);
    expect(find("checkpoint/filelocks.img")?.entries).toBe(2);
    expect(find("checkpoint/memfd.img")?.entries).toBe(3);
    expect(find("checkpoint/pstree.img")?.entries).toBe(6);
    // 31 + 6 + 4 + 3 + 3 descriptors are the 47 of the README.
    const descriptors = [2, 3, 4, 5, 6].map((id) => find(`checkpoint/fdinfo-${id}.img`)?.entries);
    expect(descriptors).toEqual([31, 6, 4, 3, 3]);
    expect(find("volumes/rich-volume.tar")?.members?.map(({ name }) => name)).toContain(
      "./note.txt",
    );
    const rootfs = find("rootfs-diff.tar")?.members ?? [];
    expect(rootfs).toHaveLength(10);
    expect(rootfs.find(({ name }) => name === "tmp/setuid-tiny")).toMatchObject({
      mode: "4755",
      sizeBytes: 544,
    });
  });
});

describe("changes of the root file system", () => {
  const changed = async (sample: string) => {
    const { rootfs } = await json<Inspection>(["inspect", "--show", "rootfs"], sample);
    return { paths: rootfs?.changed.map(({ path }) => path), ...rootfs };
  };

  it("of containerd: gzip under the name .tar, with whiteouts for what was deleted", async () => {
    const it = await changed(
      "containerd/checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21:05:02Z.tar",
    );
    expect(it.paths).toEqual([
      "/data",
      "/data/link",
      "/data/new",
      "/data/new/file",
      "/etc",
      "/etc/hostname",
      "/etc/hosts",
      "/etc/lab-changed.conf",
      "/etc/resolv.conf",
      "/tmp",
      "/tmp/count",
    ]);
    expect(it.deleted).toEqual(["/etc/lab-delete-me"]);
    expect(it.notes).toEqual([]);
  });

  it.each([
    [
      "crio/checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21:20:15Z.tar",
      ["/data/link", "/data/new", "/data/new/file", "/etc/mtab", "/tmp/count"],
    ],
    [
      "podman/busybox-rootfs-changes.tar.gz",
      ["/data/fifo", "/data/link", "/data/new", "/data/new/file", "/data/zeros", "/tmp/count"],
    ],
  ])("of %s: with deleted.files, and a note on what its engine loses", async (sample, paths) => {
    const it = await changed(sample);
    expect(it.paths).toEqual(paths);
    expect(it.deleted).toEqual(["/etc/lab-delete-me"]);
    expect(it.notes?.join()).toContain("files of the image that were changed are lost");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { listEnvironments } from "../../src/checkpoint/environment-list.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { describeProcess, type ProcessDocument } from "../../src/checkpoint/process-document.ts";
import { listProcesses } from "../../src/checkpoint/process-list.ts";
import { rich } from "../support/samples.ts";

/**
 * Everything about processes that the workload of samples/rich plants, by name. Written from
 * samples/rich/README.md, not from our own output.
 */
let checkpoint: Checkpoint;
const full = new Map<number, ProcessDocument>();

beforeAll(async () => {
  checkpoint = await openCheckpoint(rich, { permissions: "any" });
  for (const pid of [1, 2, 3, 4, 5, 6]) {
    full.set(pid, await describeProcess(checkpoint, pid, { reveal: true }));
  }
});
afterAll(() => checkpoint.close());

function process(pid: number): ProcessDocument {
  return full.get(pid) as ProcessDocument;
}

const capabilities =
  "CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"
    .split(" ")
    .map((name) => `CAP_${name}`);

const environment = [
  "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
  "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "DATABASE_URL=postgres://app:mysecret-not-real@127.0.0.1:5432/app",
  "POSTGRES_PASSWORD=mysecret-not-real",
];

describe("the processes of rich-crun.tar", () => {
  it("are six, in the order of the tree", async () => {
    const { items, problems } = await listProcesses(checkpoint);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(
      items.map(({ pid, ppid, pgid, sid, depth, comm, state, exe, uid }) =>
        [pid, ppid, pgid, sid, depth, comm, state, exe, uid].join(" "),
      ),
    ).toEqual([
      "1 0 1 1 0 rich-main alive /bin/rich 0",
      "2 1 1 1 1 rich-child alive /bin/rich 0",
      "3 2 3 3 2 rich-grand alive /bin/rich 0",
      "4 1 4 1 1 rich-group alive /bin/rich 0",
      "5 1 1 1 1 rich-zombie zombie  ",
      "6 1 1 1 1 rich-deleted alive /tmp/vanishing 0",
    ]);
  });

  it("have a zombie that exited with 7 and has nothing else", () => {
    expect(process(5)).toMatchObject({
      state: "zombie",
      exitCode: 7,
      exitSignal: null,
      command: null,
      environment: null,
      executable: null,
      workingFolder: null,
      root: null,
      umask: null,
      credentials: null,
      threads: [],
      namespaces: [],
      limits: [],
      dumpedBytes: 0,
    });
  });

  it("have folders, umasks and programs", () => {
    const folders = [1, 2, 3, 4, 6].map((pid) => process(pid).workingFolder?.path);
    expect(folders).toEqual(["/", "/srv/data", "/srv/data", "/", "/"]);
    expect([1, 2, 4, 6].map((pid) => process(pid).umask)).toEqual(["0022", "0027", "0022", "0022"]);
    for (const pid of [1, 2, 3, 4, 6]) {
      expect(process(pid).root).toMatchObject({ path: "/", deleted: false });
      expect(process(pid).executable).toMatchObject(
        pid === 6
          ? { path: "/tmp/vanishing", deleted: true }
          : { path: "/bin/rich", deleted: false },
      );
    }
  });

  it("have four threads in process 1, each with its name", () => {
    const { threads } = process(1);
    expect(threads.map(({ tid, comm }) => `${tid} ${comm}`)).toEqual([
      "1 rich-main",
      "7 rich-thr-1",
      "8 rich-thr-2",
      "9 rich-thr-3",
    ]);
    for (const pid of [2, 3, 4, 6]) expect(process(pid).threads).toHaveLength(1);
  });

  it("sleep where the README says", () => {
    // Numbers of system calls on x86-64.
    const calls = { clock_nanosleep: 230n, pause: 34n, futex: 202n, epoll_wait: 232n };
    const asleep = (pid: number): bigint[] =>
      process(pid).threads.map(({ registers }) => registers?.general["orig_rax"] as bigint);
    expect(asleep(1)).toEqual([calls.clock_nanosleep, calls.pause, calls.futex, calls.epoll_wait]);
    for (const pid of [2, 3, 4, 6]) expect(asleep(pid)).toEqual([calls.pause]);
  });

  it("run at nice 0, but rich-group at 5", () => {
    expect(process(4).threads[0]).toMatchObject({ nice: 5, policy: "SCHED_OTHER" });
    for (const pid of [1, 2, 3, 6]) expect(process(pid).threads[0]?.nice).toBe(0);
  });

  it("may open 128 files, at most 256, in rich-group", () => {
    const limit = (pid: number) => process(pid).limits.find(({ name }) => name === "RLIMIT_NOFILE");
    expect(limit(4)).toEqual({ name: "RLIMIT_NOFILE", soft: 128, hard: 256 });
    expect(limit(1)).toEqual({ name: "RLIMIT_NOFILE", soft: 20_000, hard: 20_000 });
    expect(process(1).limits[0]).toEqual({
      name: "RLIMIT_CPU",
      soft: "unlimited",
      hard: "unlimited",
    });
  });

  it("are root's, with Podman's eleven capabilities and its seccomp filter", () => {
    for (const pid of [1, 2, 3, 4, 6]) {
      const { credentials, seccomp } = process(pid);
      const zero = { real: 0, effective: 0, saved: 0, fileSystem: 0 };
      expect(credentials).toMatchObject({ uid: zero, gid: zero, secureBits: [] });
      for (const set of ["effective", "permitted", "bounding"] as const) {
        expect(credentials?.capabilities[set].toSorted()).toEqual(capabilities);
      }
      expect(credentials?.capabilities.inheritable).toEqual([]);
      expect(credentials?.capabilities.ambient).toEqual([]);
      expect(seccomp?.mode).toBe("filter");
      expect(seccomp?.filters).toHaveLength(1);
      expect(seccomp?.filters?.[0]?.instructions).toBeGreaterThan(100);
    }
  });

  it("handle signals in process 1", () => {
    const handlers = process(1).signalHandlers.map(({ signal, name, handler, flags }) => ({
      signal,
      name,
      ignored: handler === "SIG_IGN",
      restarts: flags.includes("SA_RESTART"),
    }));
    expect(handlers).toEqual([
      { signal: 10, name: "SIGUSR1", ignored: false, restarts: true },
      { signal: 13, name: "SIGPIPE", ignored: true, restarts: false },
      { signal: 14, name: "SIGALRM", ignored: false, restarts: false },
      { signal: 33, name: "SIG33", ignored: false, restarts: true },
      { signal: 36, name: "SIGRTMIN+2", ignored: false, restarts: false },
    ]);
    // glibc sets no handler in the others, which have one thread each.
    expect(process(4).signalHandlers).toEqual([]);
  });

  it("block SIGUSR2 and SIGRTMIN+1 in all threads of process 1", () => {
    for (const { blockedSignals } of process(1).threads) {
      expect(blockedSignals).toEqual(["SIGUSR2", "SIGRTMIN+1"]);
    }
    expect(process(4).threads[0]?.blockedSignals).toEqual([]);
  });

  it("have SIGUSR2 pending with the value 7, and 35 for thread 8 alone", () => {
    expect(process(1).pendingSignals).toEqual([
      { signal: 12, name: "SIGUSR2", code: "SI_QUEUE", pid: 1, uid: 0, value: 7n },
    ]);
    const pending = process(1).threads.flatMap(({ tid, pendingSignals }) =>
      pendingSignals.map(({ signal, name, code }) => ({ tid, signal, name, code })),
    );
    expect(pending).toEqual([{ tid: 8, signal: 35, name: "SIGRTMIN+1", code: "SI_TKILL" }]);
  });

  it("run a real interval timer and a POSIX timer in process 1", () => {
    const { intervalTimers, posixTimers } = process(1);
    expect(intervalTimers).toEqual([
      { type: "real", remainingSeconds: expect.closeTo(3597.682, 3), intervalSeconds: 120 },
    ]);
    expect(posixTimers).toEqual([
      {
        id: 0,
        clock: "CLOCK_MONOTONIC",
        notify: "SIGEV_SIGNAL",
        signal: "SIGRTMIN+2",
        value: 0n,
        overrun: 0,
        remainingSeconds: expect.closeTo(86_397.682, 3),
        intervalSeconds: 240,
      },
    ]);
    expect(process(2)).toMatchObject({ intervalTimers: [], posixTimers: [] });
  });

  it("live in namespaces of their own, but for those of the host", () => {
    const { namespaces, sharedObjects } = process(1);
    const own = namespaces.filter(({ host }) => host === false).map(({ type }) => type);
    expect(own).toEqual(["pid", "net", "ipc", "uts", "mnt"]);
    const hosts = namespaces.filter(({ host }) => host === true).map(({ type }) => type);
    expect(hosts).toEqual(["user", "cgroup", "time"]);
    // utsns-12.img and ipcns-shm-11.img are named by these numbers.
    expect(namespaces.find(({ type }) => type === "uts")?.id).toBe(12);
    expect(namespaces.find(({ type }) => type === "ipc")?.id).toBe(11);
    expect(sharedObjects).not.toBeNull();
  });

  it("are in one control group of each hierarchy", () => {
    const groups = process(1).cgroups?.groups ?? [];
    expect(groups.map(({ controller }) => controller)).toContain("memory");
    for (const { controller, path } of groups) {
      if (controller !== "") expect(path).toMatch(/^\/libpod_parent\/libpod-[0-9a-f]{64}$/);
    }
  });

  it("have no leftovers of a damaged image", () => {
    for (const document of full.values()) {
      expect(document.problems.filter(({ severity }) => severity === "error")).toEqual([]);
    }
  });
});

describe("secrets of rich-crun.tar", () => {
  it("are in the environment of every live process", () => {
    for (const pid of [1, 2, 3, 4, 6]) {
      const lines = process(pid).environment?.map(({ name, value }) => `${name}=${value}`);
      expect(lines).toEqual(expect.arrayContaining(environment));
    }
  });

  it("are in the command line of process 4", () => {
    expect(process(4).command).toContain("--password=cmdline-secret-not-real");
    expect(process(4).command?.[0]).toBe("/bin/rich");
  });

  it("are masked unless somebody asks", async () => {
    const list = JSON.stringify([
      await listProcesses(checkpoint),
      await listEnvironments(checkpoint),
    ]);
    const documents = await Promise.all([1, 4, 6].map((pid) => describeProcess(checkpoint, pid)));
    const text =
      list +
      JSON.stringify(documents, (_key, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
    for (const secret of ["not-real", "wJalrXUtnFEMI"]) expect(text).not.toContain(secret);
    expect(text).toContain("--password=••••••••");
    expect(text).toContain('{"name":"POSTGRES_PASSWORD","value":"••••••••"}');
  });

  it("are listed in the order of memory, once for each process", async () => {
    const { items } = await listEnvironments(checkpoint, { reveal: true });
    expect(items.map(({ pid, variables }) => [pid, variables?.length])).toEqual([
      [1, 8],
      [2, 8],
      [3, 8],
      [4, 8],
      [5, undefined],
      [6, 8],
    ]);
    const one = await listEnvironments(checkpoint, { pid: 6, reveal: true });
    expect(one.items.map(({ pid }) => pid)).toEqual([6]);
  });
});

describe("a pid that is none", () => {
  it("is refused by its name", async () => {
    await expect(describeProcess(checkpoint, 99)).rejects.toThrow("there is no process 99");
  });

  it("is told to be a thread where it is one", async () => {
    await expect(describeProcess(checkpoint, 8)).rejects.toThrow("a thread 8 of process 1");
  });
});

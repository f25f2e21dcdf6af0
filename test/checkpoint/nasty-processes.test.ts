import { describe, expect, it } from "vitest";
import { describeProcess, type ProcessDocument } from "../../src/checkpoint/process-document.ts";
import { listProcesses } from "../../src/checkpoint/process-list.ts";
import { openNasty, waiting } from "../support/nasty.ts";

// What samples/nasty plants in processes, and /proc said of it before the dump.
describe.each(["processes", "processes-3.17"])("processes of the dump %s", async (name) => {
  const { checkpoint, list, at } = await openNasty(name);
  const old = name.endsWith("3.17");
  const rows = (await listProcesses(checkpoint)).items;
  const pid = (comm: string): number => rows.find((row) => row.comm === comm)?.pid ?? 0;
  const read = (comm: string): Promise<ProcessDocument> => describeProcess(checkpoint, pid(comm));

  it("are told without a problem", async () => {
    expect(rows.length).toBe(21);
    for (const row of rows) {
      const { problems } = await describeProcess(checkpoint, row.pid);
      expect(problems.filter(({ code }) => !code.startsWith("permissions-"))).toEqual([]);
    }
  });

  it("have sessions and groups, are stopped and dead", () => {
    const of = (comm: string) => rows.find((row) => row.comm === comm);
    const session = pid("session");
    expect(of("session")).toMatchObject({ sid: session, pgid: session, ppid: 1 });
    expect(of("group")).toMatchObject({ sid: session, pgid: pid("group"), ppid: session });
    expect(of("same-session")).toMatchObject({ sid: session, pgid: session });
    expect(of("stopped")?.state).toBe("stopped");
    expect(of("zombie-exit")).toMatchObject({ state: "zombie", exitCode: 42 });
    expect(of("zombie-signal")).toMatchObject({ state: "zombie", exitSignal: 15 });
  });

  it("have names and command lines of any bytes", async () => {
    expect(rows.map(({ comm }) => comm)).toContain("odd\u001b[7m\n)x");
    const title = rows.find(({ comm }) => comm === "title");
    const [first, second, third] = title?.command ?? [];
    expect([first, second, third]).toEqual([
      "title \u001b[31mred\u001b[0m",
      "--second\nline",
      "\udcff\udcfe",
    ]);
    const { threads } = await read("nasty");
    expect(threads.map(({ comm }) => comm)).toEqual([
      ...["nasty", "thr \u001b[31m", "thr\nline", "thr \udcff\udcfe", "thr)( R 1"],
    ]);
    expect(threads.map(({ nice }) => nice)).toEqual([0, 7, 7, 7, 7]);
  });

  it("have an environment of any bytes", async () => {
    const { environment } = await read("nasty");
    expect(environment?.map(({ name: key, value }) => `${key}=${value}`)).toEqual([
      "PATH=/bin",
      "HOME=/",
      "NASTY=second",
      "=nameless",
      "EMPTY=",
      "ODD=\u001b[31m\n\udcff\udcfe",
      expect.stringMatching(/^DB_PASSWORD=(?!mysecret)/),
    ]);
  });

  it("have signals that wait for them, with values", async () => {
    const { pendingSignals, threads, signalHandlers } = await read("signals");
    expect(pendingSignals.map((it) => [it.name, it.code, it.value])).toEqual([
      ["SIGHUP", "SI_USER", undefined],
      ["SIGUSR1", "SI_QUEUE", 0xffff_ffff_ffff_ffffn],
      ["SIGRTMAX", "SI_QUEUE", 1n],
      ["SIGRTMAX", "SI_QUEUE", 2n],
      ["SIGRTMAX", "SI_QUEUE", 3n],
    ]);
    expect(threads[0]?.blockedSignals).toEqual(["SIGHUP", "SIGUSR1", "SIGRTMAX"]);
    expect(threads[0]?.parentDeathSignal).toBe("SIGTERM");
    expect(threads[0]?.signalStack?.sizeBytes).toBe(16384n);
    const own = signalHandlers.find((it) => it.name === "SIGUSR2");
    expect(own?.flags).toEqual(
      expect.arrayContaining(["SA_SIGINFO", "SA_ONSTACK", "SA_RESETHAND", "SA_NODEFER"]),
    );
    const [, thread] = (await read("nasty")).threads;
    expect(thread?.pendingSignals.map(({ value }) => value)).toEqual([77n, 0x1122334455667788n]);
  });

  it("have timers of all clocks", async () => {
    const { intervalTimers, posixTimers } = await read("timers");
    expect(intervalTimers.map(({ type }) => type)).toEqual(["real", "virtual", "profiling"]);
    for (const { intervalSeconds } of intervalTimers) expect(intervalSeconds).toBe(3.5);
    expect(
      posixTimers.map(({ clock, notify, signal, value }) => [clock, notify, signal, value]),
    ).toEqual([
      ["CLOCK_MONOTONIC", "SIGEV_SIGNAL", "SIGRTMIN", 0xabc0000000000000n],
      ["CLOCK_REALTIME", "SIGEV_NONE", "SIGRTMIN+1", 0xabc0000000000001n],
      ["CLOCK_BOOTTIME", "SIGEV_THREAD_ID", "SIGRTMIN+2", 0xabc0000000000002n],
      ["CLOCK_PROCESS_CPUTIME_ID", "SIGEV_SIGNAL", "SIGRTMIN+3", 0xabc0000000000003n],
    ]);
  });

  it("have settings of their own", async () => {
    const it = await read("settings");
    expect(it).toMatchObject({
      personality: 0x440000,
      personalityFlags: ["ADDR_NO_RANDOMIZE", "READ_IMPLIES_EXEC"],
      oomScoreAdj: 567,
      umask: "0137",
      hugePagesDisabled: true,
    });
    expect(it.credentials?.noNewPrivileges ?? null).toBe(old ? null : true);
    const limit = (wanted: string) => it.limits.find((each) => each.name === wanted);
    expect(limit("RLIMIT_NPROC")).toMatchObject({ soft: 100, hard: 2000 });
    expect(limit("RLIMIT_CORE")).toMatchObject({ soft: 0, hard: 0 });
    expect(it.threads[0]?.nice).toBe(11);
    expect((await read("undumpable")).dumpable).toBe(0);
    // CRIU 3.17 looks for the policy alone, and finds none that has a priority.
    const scheduled = (await read("scheduled")).threads[0];
    expect(scheduled).toMatchObject({
      policy: "SCHED_RR SCHED_RESET_ON_FORK",
      priority: old ? null : 12,
    });
    expect((await read("batch")).threads[0]?.policy).toBe("SCHED_BATCH");
  });

  it("have rights of their own", async () => {
    const ambient = (await read("ambient")).credentials;
    // CRIU 3.17 does not save them.
    expect(ambient?.capabilities.ambient).toEqual(old ? null : ["CAP_NET_ADMIN"]);
    expect(ambient?.capabilities.inheritable).toEqual(["CAP_NET_ADMIN", "CAP_SYS_PTRACE"]);
    expect(ambient?.capabilities.bounding).not.toContain("CAP_SYS_BOOT");
    const dropped = (await read("dropped")).credentials;
    expect(dropped).toMatchObject({
      uid: { effective: 0, fileSystem: 1004 },
      gid: { effective: 0, fileSystem: 1003 },
      groups: [4, 20, 4_000_000_000],
    });
    expect(dropped?.capabilities.effective).toEqual(["CAP_KILL", "CAP_SETUID"]);
  });

  it("have filters of system calls, a thread more than the others", async () => {
    const { threads } = await read("filtered");
    expect(threads.map(({ seccomp }) => seccomp?.filters?.length)).toEqual([2, 3]);
    expect(threads[0]?.seccomp?.filters?.map(({ flags }) => flags)).toEqual([
      ["SECCOMP_FILTER_FLAG_LOG"],
      [],
    ]);
  });

  it("wait for events", () => {
    expect([3, 4, 5].map((fd) => at(1, fd).eventfd?.count)).toEqual([3n, 2n, 2n ** 64n - 2n]);
    expect(at(1, 6).signals).toEqual(["SIGUSR1", "SIGCHLD", "SIGRTMAX"]);
    const timers = [7, 8, 9, 10, 11].map((fd) => at(1, fd).timer);
    expect(timers.map((timer) => timer?.clock)).toEqual([
      ...["CLOCK_REALTIME", "CLOCK_BOOTTIME", "CLOCK_REALTIME", "CLOCK_MONOTONIC"],
      "CLOCK_MONOTONIC",
    ]);
    expect(timers.map((timer) => timer?.intervalSeconds)).toEqual([0, 60.25, 0, 0, 5000]);
    expect(timers[4]?.expirations).toBe(1n);
    const targets = at(1, 13).epoll?.targets.map(({ fd, data }) => [fd, data]);
    expect(new Map(targets as [number, bigint][])).toEqual(
      new Map([
        [5, 2n ** 64n - 7n],
        [12, 0n],
        [7, 42n],
        [6, 2n ** 63n],
        [200, 200n],
      ]),
    );
    const events = at(1, 13).epoll?.targets.find(({ fd }) => fd === 5)?.events;
    expect(events).toEqual(expect.arrayContaining(["EPOLLIN", "EPOLLOUT", "EPOLLEXCLUSIVE"]));
  });

  it("have bytes in pipes and terminals", () => {
    const find = (text: string) =>
      list.items.find((item) => waiting(item).join("").startsWith(text));
    expect(find("unread pipe bytes")?.kind).toBe("pipe");
    expect(find("AAAA")?.queues[0]).toMatchObject({ sizeBytes: 4096, capacityBytes: 4096 });
    expect(find("nobody can write")?.pipe?.writers).toEqual([]);
    expect(find("unread fifo bytes")?.path).toBe("/tmp/fifo \u001b[4m\n");
    const typed = find("typed, not yet read\n");
    expect(typed?.terminal).toMatchObject({
      ...{ end: "slave", sid: pid("leader"), pgrp: pid("foreground"), rows: 33, columns: 121 },
    });
    const raw = list.items.filter(({ terminal }) => terminal?.packetMode === true);
    expect(raw.map(({ terminal }) => terminal?.end)).toEqual(["master"]);
  });
});

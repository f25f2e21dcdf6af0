import { describe, expect, it } from "vitest";
import { defaultPolicy, type Policy } from "../../../../src/audit/policy/policy.ts";
import { attackRules } from "../../../../src/audit/rules/attack.ts";
import type { Messages } from "../../../../src/criu/schema/types.ts";
import { Alteration } from "../../../support/alteration.ts";
import { findingsOf } from "../../../support/rules.ts";
import { crioCounter, privateCopy, rich, samplePath } from "../../../support/samples.ts";

const podman = samplePath("podman/busybox-crun-none.tar");
const sockets = samplePath("criu/sockets.tar.gz");
const processes = samplePath("criu/processes.tar.gz");

/** What one rule of the group finds. */
async function found(rule: string, path: string, policy = defaultPolicy): Promise<string[]> {
  const rules = attackRules.filter(({ id }) => id === `attack/${rule}`);
  expect(rules).toHaveLength(1);
  const findings = await findingsOf(path, { rules, policy, open: { permissions: "any" } });
  return findings.map(({ severity, message }) => `${severity}: ${message}`);
}

const expecting = (expect: Partial<Policy["expect"]>): Policy => ({
  ...defaultPolicy,
  expect: { ...defaultPolicy.expect, ...expect },
});

/** The rich sample with another path in the place of one of its open files. */
async function renamed(sample: string, from: string, to: string): Promise<Alteration> {
  const altered = await Alteration.of(sample);
  return altered.image("files.img", "file_entry", (files) => {
    let changed = 0;
    for (const { reg } of files) {
      if (reg?.name.replace(/^\//, "") !== from.replace(/^\//, "")) continue;
      reg.name = to;
      changed += 1;
    }
    if (changed === 0) throw new Error(`no ${from}`);
    return undefined;
  });
}

async function named(pid: number, comm: string): Promise<string> {
  const altered = await Alteration.of(rich);
  await altered.image(`core-${pid}.img`, "core_entry", ([core]) => {
    if (core?.tc !== undefined) core.tc.comm = comm;
    return undefined;
  });
  return altered.write();
}

async function mapped(
  pid: number,
  change: (mm: Messages["mm_entry"]) => void,
): Promise<Alteration> {
  const altered = await Alteration.of(rich);
  return altered.image(`mm-${pid}.img`, "mm_entry", ([mm]) => {
    if (mm !== undefined) change(mm);
    return undefined;
  });
}

const noAccess = 0x100000030000n;

describe("attack/writable-executable", () => {
  it("finds the page of the rich sample, and of the dump by CRIU", async () => {
    expect(await found("writable-executable", privateCopy(rich))).toEqual([
      "high: rich-main (pid 1) has 4.0 KiB of anonymous memory that it may write and run",
    ]);
    expect(await found("writable-executable", processes)).toEqual([
      "high: nasty (pid 1) has 4.0 KiB of anonymous memory that it may write and run",
    ]);
  });

  it("knows programs that compile", async () => {
    const altered = await renamed(rich, "/bin/rich", "/usr/local/bin/node");
    expect(await found("writable-executable", altered.write())).toEqual([
      "medium: rich-main (pid 1) has 4.0 KiB of anonymous memory that it may write and run; the program compiles JavaScript or WebAssembly while it runs",
    ]);
  });

  it("finds nothing in a shell", async () => {
    expect(await found("writable-executable", privateCopy(podman))).toEqual([]);
  });
});

describe("attack/anonymous-executable", () => {
  const readOnly = (mm: Messages["mm_entry"]): void => {
    for (const vma of mm.vmas) if (vma.start === noAccess) vma.prot &= ~2;
  };

  it("finds code that no file holds", async () => {
    const altered = await mapped(1, readOnly);
    expect(await found("anonymous-executable", altered.write())).toEqual([
      "high: rich-main (pid 1) has 4.0 KiB of code in memory without a file",
    ]);
  });

  it("leaves to others what may be written, the vdso, and files", async () => {
    expect(await found("anonymous-executable", privateCopy(rich))).toEqual([]);
    expect(await found("anonymous-executable", processes)).toEqual([]);
  });
});

describe("attack/memfd-code", () => {
  it("finds a mapping, and a program", async () => {
    expect(await found("memfd-code", privateCopy(rich))).toEqual([
      "high: rich-main (pid 1) has code from the memfd rich-program",
    ]);
    const altered = await mapped(1, (mm) => {
      mm.exe_file_id = 6;
    });
    expect(await found("memfd-code", altered.write())).toEqual([
      "critical: rich-main (pid 1) runs a program from the memfd rich-program",
    ]);
  });

  it("does not find memfds that hold data", async () => {
    expect(await found("memfd-code", samplePath("criu/files.tar.gz"))).toEqual([]);
    expect(await found("memfd-code", processes)).toEqual([]);
  });
});

describe("attack/deleted-program", () => {
  it("finds the one of the rich sample", async () => {
    expect(await found("deleted-program", privateCopy(rich))).toEqual([
      "high: rich-deleted (pid 6) runs /tmp/vanishing, which was deleted, and lay in /tmp, where anybody may write",
    ]);
  });

  it("does not find deleted files that nobody runs", async () => {
    expect(await found("deleted-program", samplePath("criu/files.tar.gz"))).toEqual([]);
  });
});

describe("attack/misplaced-program", () => {
  it("finds programs where anybody may write", async () => {
    const altered = await renamed(podman, "/bin/busybox", "/dev/shm/.x");
    expect(await found("misplaced-program", altered.write())).toEqual([
      "high: counter (pid 1) runs /dev/shm/.x, in /dev/shm, where anybody may write",
    ]);
    expect(await found("misplaced-program", samplePath("criu/chain-3.tar.gz"))).toEqual([
      "high: nasty (pid 10481) runs /tmp/nasty-work/nasty, in /tmp, where anybody may write",
    ]);
  });

  it("finds scripts there", async () => {
    const altered = (await Alteration.of(podman)).bytes(
      "pages-1.img",
      "/bin/counter",
      "/tmp/counter",
    );
    expect(await found("misplaced-program", altered.write())).toEqual([
      "medium: counter (pid 1) runs /tmp/counter, in /tmp, where anybody may write",
    ]);
  });

  it("leaves deleted ones to their own rule, and others alone", async () => {
    expect(await found("misplaced-program", privateCopy(rich))).toEqual([]);
    const altered = await renamed(podman, "/bin/busybox", "/tmpfs/busybox");
    expect(await found("misplaced-program", altered.write())).toEqual([]);
  });
});

describe("attack/changed-program", () => {
  it("finds programs that the container wrote", async () => {
    const altered = (await Alteration.of(podman)).rootfs({ name: "bin/busybox", body: "x" });
    expect(await found("changed-program", altered.write())).toEqual([
      "high: counter (pid 1) runs /bin/busybox, which the container wrote or changed after it had started",
    ]);
  });

  it("is content with other changes", async () => {
    expect(await found("changed-program", privateCopy(rich))).toEqual([]);
    expect(await found("changed-program", privateCopy(crioCounter))).toEqual([]);
  });
});

describe("attack/foreign-library", () => {
  it("finds libraries that were deleted, lie in open folders, or were written", async () => {
    const deleted = await mapped(6, (mm) => {
      mm.exe_file_id = 1;
    });
    expect(await found("foreign-library", deleted.write())).toEqual([
      "high: rich-deleted (pid 6) has code from /tmp/vanishing, which was deleted",
    ]);
    const code = await mapped(1, (mm) => {
      for (const vma of mm.vmas)
        if (vma.shmid === 4n && vma.start === 0x100000080000n) vma.prot = 5;
    });
    await code.image("files.img", "file_entry", (files) => {
      for (const { reg } of files) if (reg?.id === 4) reg.name = "/var/tmp/libx.so";
      return undefined;
    });
    expect(await found("foreign-library", code.write())).toEqual([
      "high: rich-main (pid 1) has code from /var/tmp/libx.so, which lies in /var/tmp, where anybody may write",
    ]);
    await code.image("files.img", "file_entry", (files) => {
      for (const { reg } of files) if (reg?.id === 4) reg.name = "/etc/created.conf";
      return undefined;
    });
    expect(await found("foreign-library", code.write())).toEqual([
      "high: rich-main (pid 1) has code from /etc/created.conf, which the container wrote or changed after it had started",
    ]);
  });

  it("does not take the program for a library", async () => {
    expect(await found("foreign-library", privateCopy(rich))).toEqual([]);
  });
});

describe("attack/preload", () => {
  // A variable of the same length, in memory where the environment lies.
  const was = "DATABASE_URL=postgres://app:mysecret-not-real@127.0.0.1:5432/app";
  const variable = async (text: string): Promise<string> =>
    (await Alteration.of(rich)).bytes("pages-4.img", was, text.padEnd(was.length, "x")).write();

  it("finds libraries that are forced on programs", async () => {
    const hidden = "x".repeat(was.length - "LD_PRELOAD=/tmp/".length);
    expect(await found("preload", await variable("LD_PRELOAD=/tmp/"))).toEqual([
      `high: rich-main (pid 1) has /tmp/${hidden} in LD_PRELOAD, which lies in /tmp, where anybody may write`,
    ]);
    expect(await found("preload", await variable("LD_AUDIT=/etc/created.conf:/"))).toEqual([
      "high: rich-main (pid 1) has /etc/created.conf in LD_AUDIT, which the container wrote or changed itself",
      `info: rich-main (pid 1) has /${"x".repeat(was.length - 28)} in LD_AUDIT`,
    ]);
    expect(await found("preload", await variable("LD_LIBRARY_PATH=/usr/lib:/tmp/"))).toEqual([
      `medium: rich-main (pid 1) has /tmp/${"x".repeat(was.length - 30)} in LD_LIBRARY_PATH, which lies in /tmp, where anybody may write`,
    ]);
  });

  it("finds the loader's own file", async () => {
    const altered = (await Alteration.of(podman)).rootfs({ name: "etc/ld.so.preload", body: "x" });
    expect(await found("preload", altered.write())).toEqual([
      "high: the container wrote /etc/ld.so.preload: every program that starts takes what it names along",
    ]);
  });

  it("is content with ordinary environments", async () => {
    expect(await found("preload", privateCopy(rich))).toEqual([]);
    expect(await found("preload", await variable("LD_LIBRARY_PATH=/usr/lib:/opt/"))).toEqual([]);
  });
});

describe("attack/process-memory-access", () => {
  it("finds open memory, and debuggers", async () => {
    const open = await renamed(rich, "/srv", "/proc/2/mem");
    expect(await found("process-memory-access", open.write())).toEqual([
      "high: /proc/2/mem, the memory of a process, is open",
    ]);
    const gdb = await renamed(rich, "/bin/rich", "/usr/bin/strace");
    expect((await found("process-memory-access", gdb.write()))[0]).toBe(
      "medium: rich-main (pid 1) is strace, which looks into other processes",
    );
    const able = await renamed(processes, "/nasty", "/usr/bin/gdb");
    expect((await found("process-memory-access", able.write()))[0]).toBe(
      "high: nasty (pid 1) is gdb, which looks into other processes, and has CAP_SYS_PTRACE",
    );
  });

  it("does not find other files of /proc", async () => {
    const open = await renamed(rich, "/srv", "/proc/meminfo");
    expect(await found("process-memory-access", open.write())).toEqual([]);
  });
});

describe("attack/raw-socket", () => {
  it("finds packet sockets and raw ones, promiscuous ones above all", async () => {
    const lines = await found("raw-socket", sockets);
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe(
      "high: nasty (pid 1) has a packet socket (all:nasty-a), in promiscuous mode",
    );
    expect(lines).toContain("medium: nasty (pid 1) has a raw socket (icmp 127.0.0.1)");
  });

  it("does not find TCP, UDP, unix and netlink sockets", async () => {
    expect(await found("raw-socket", privateCopy(rich))).toEqual([]);
  });
});

describe("attack/outside-process-tree", () => {
  it("finds what an exec left behind", async () => {
    const altered = await Alteration.of(rich);
    await altered.image("pstree.img", "pstree_entry", (tree) => {
      for (const node of tree) if (node.pid === 4) node.sid = 99;
      return undefined;
    });
    expect(await found("outside-process-tree", altered.write())).toEqual([
      "medium: rich-group (pid 4) is in session 99, whose leader is gone",
    ]);
  });

  it("finds processes without a parent here", async () => {
    const altered = await Alteration.of(rich);
    await altered.image("pstree.img", "pstree_entry", (tree) => {
      for (const node of tree) if (node.pid === 4) Object.assign(node, { ppid: 0, sid: 4 });
      return undefined;
    });
    expect(await found("outside-process-tree", altered.write())).toEqual([
      "medium: rich-group (pid 4) has a parent outside the container",
    ]);
  });

  it("only mentions daemons, and leaves children of children alone", async () => {
    expect(await found("outside-process-tree", processes)).toEqual([
      "info: leader (pid 25) has a session of its own, as daemons have",
      "info: session (pid 38) has a session of its own, as daemons have",
    ]);
    expect(await found("outside-process-tree", privateCopy(rich))).toEqual([]);
    const init = await renamed(processes, "/nasty", "/sbin/tini");
    expect(await found("outside-process-tree", init.write())).toEqual([]);
  });
});

describe("attack/kernel-thread-name", () => {
  it.each(["kworker/0:1", "ksoftirqd/1", "[kswapd0]"])("finds %s", async (comm) => {
    expect(await found("kernel-thread-name", await named(2, comm))).toEqual([
      `critical: ${comm} (pid 2) calls itself ${comm} and runs /bin/rich`,
    ]);
  });

  it("finds brackets in arguments", async () => {
    const altered = await Alteration.of(rich);
    altered.bytes("pages-7.img", "/bin/rich\0--role", "[rcu_gp]\0\0--role");
    expect(await found("kernel-thread-name", altered.write())).toEqual([
      "critical: rich-group (pid 4) calls itself [rcu_gp] and runs /bin/rich",
    ]);
  });

  it("does not find other names", async () => {
    expect(await found("kernel-thread-name", privateCopy(rich))).toEqual([]);
    expect(await found("kernel-thread-name", processes)).toEqual([]);
    for (const comm of ["kworkers-of-our", "migration", "irqbalance"]) {
      expect(await found("kernel-thread-name", await named(2, comm))).toEqual([]);
    }
  });
});

describe("attack/borrowed-name", () => {
  it("finds names of well-known programs", async () => {
    expect(await found("borrowed-name", await named(2, "sshd"))).toEqual([
      "medium: sshd (pid 2) goes by the name of another program: it runs /bin/rich",
    ]);
  });

  it("mentions others once", async () => {
    const lines = await found("borrowed-name", processes);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^info: .* and \d+ more are called unlike program and arguments$/);
  });

  it("knows scripts, busybox and names that only add to the program's", async () => {
    expect(await found("borrowed-name", privateCopy(podman))).toEqual([]);
    expect(await found("borrowed-name", privateCopy(rich))).toEqual([]);
    const shell = await renamed(processes, "/nasty", "/usr/bin/python3.11");
    expect(await found("borrowed-name", shell.write())).toEqual([]);
  });
});

describe("attack/listener", () => {
  it("tells all where the policy names none", async () => {
    expect(await found("listener", privateCopy(rich))).toEqual([
      "info: rich-main (pid 1) listens on tcp 0.0.0.0:18080",
      "info: rich-main (pid 1) listens on tcp [::1]:18081",
      "info: rich-main (pid 1) listens on udp 0.0.0.0:18082",
    ]);
    expect(await found("listener", privateCopy(podman))).toEqual([]);
  });

  it("tells those that the policy does not expect", async () => {
    const listeners = ["tcp/18080", "udp/10.0.0.0/8:*", "tcp/[::1]:18081"];
    expect(await found("listener", privateCopy(rich), expecting({ listeners }))).toEqual([
      "high: rich-main (pid 1) listens on udp 0.0.0.0:18082, which the policy does not expect",
    ]);
    const all = expecting({ listeners: ["tcp/*", "udp/0.0.0.0:18082"] });
    expect(await found("listener", privateCopy(rich), all)).toEqual([]);
  });
});

describe("attack/outbound", () => {
  const calling = async (): Promise<string> => {
    const altered = await Alteration.of(rich);
    await altered.image("files.img", "file_entry", (files) => {
      for (const { isk } of files) {
        // 203.0.113.9, in the order of the machine that dumped it.
        if (isk?.dst_port === 18080) Object.assign(isk, { dst_addr: [0x097100cb], dst_port: 4444 });
      }
      return undefined;
    });
    return altered.write();
  };

  it("tells peers outside", async () => {
    expect(await found("outbound", await calling())).toEqual([
      "info: rich-child (pid 2) is connected to tcp 203.0.113.9:4444",
    ]);
    const outbound = ["tcp/10.0.0.0/8:*"];
    expect((await found("outbound", await calling(), expecting({ outbound })))[0]).toBe(
      "high: rich-child (pid 2) is connected to tcp 203.0.113.9:4444, which the policy does not expect",
    );
  });

  it("is content with what is expected, with its own listeners and with itself", async () => {
    expect(await found("outbound", privateCopy(rich))).toEqual([]);
    const outbound = ["tcp/203.0.113.0/24:4444", "udp/[::1]:18084"];
    expect(await found("outbound", await calling(), expecting({ outbound }))).toEqual([]);
  });
});

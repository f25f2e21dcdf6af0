import { describe, expect, it } from "vitest";
import { ProblemLog } from "../../src/base/problem.ts";
import type { Decoded } from "../../src/criu/decode.ts";
import { capabilityNames } from "../../src/criu/process/capabilities.ts";
import { readCredentials } from "../../src/criu/process/credentials.ts";
import { splitVariables } from "../../src/criu/process/environment.ts";
import { bitNames } from "../../src/criu/process/flags.ts";
import { readPendingSignals } from "../../src/criu/process/pending-signals.ts";
import { readPersonality } from "../../src/criu/process/personality.ts";
import { readRegisters } from "../../src/criu/process/registers.ts";
import { readResourceLimits } from "../../src/criu/process/resource-limits.ts";
import { readSeccomp } from "../../src/criu/process/seccomp.ts";
import { readSignalHandlers } from "../../src/criu/process/signal-handlers.ts";
import { signalName, signalSet } from "../../src/criu/process/signals.ts";
import { ThreadIds } from "../../src/criu/process/thread-ids.ts";
import { readIntervalTimers, readPosixTimers } from "../../src/criu/process/timers.ts";

const unused = new ProblemLog();

function told(work: (problems: ProblemLog) => void): string[] {
  const problems = new ProblemLog();
  work(problems);
  return problems.list().map(({ message }) => message);
}

describe("signals", () => {
  it.each([
    [1, "SIGHUP"],
    [9, "SIGKILL"],
    [10, "SIGUSR1"],
    [31, "SIGSYS"],
    [32, "SIG32"],
    [34, "SIGRTMIN"],
    [35, "SIGRTMIN+1"],
    [64, "SIGRTMAX"],
    [0, "SIG0"],
    [-5, "SIG-5"],
    [70_000, "SIG70000"],
  ])("%i is %s", (number, name) => expect(signalName(number)).toBe(name));

  it("have other numbers on MIPS", () => {
    expect([10, 16, 17, 23].map((number) => signalName(number, "MIPS"))).toEqual([
      "SIGBUS",
      "SIGUSR1",
      "SIGUSR2",
      "SIGSTOP",
    ]);
  });

  it("are sets of 64, and of 128 with a second word", () => {
    expect(signalSet(0x400000800n)).toEqual(["SIGUSR2", "SIGRTMIN+1"]);
    expect(signalSet(1n << 63n)).toEqual(["SIGRTMAX"]);
    expect(signalSet(0n, 1n)).toEqual(["SIG65"]);
    expect(signalSet(undefined)).toEqual([]);
    expect(signalSet((1n << 64n) - 1n, (1n << 64n) - 1n)).toHaveLength(128);
  });

  it("have a table without SIGKILL and SIGSTOP", () => {
    const action = { sigaction: 2n, flags: 0n, restorer: 0n, mask: 0n };
    const handlers = readSignalHandlers(new Array(62).fill(action), "X86_64", "core", unused);
    const names = handlers.map(({ name }) => name);
    expect(names).toHaveLength(62);
    expect(names).not.toContain("SIGKILL");
    expect(names).not.toContain("SIGSTOP");
    expect([names[0], names.at(-1)]).toEqual(["SIGHUP", "SIGRTMAX"]);
    expect(readSignalHandlers(new Array(126).fill(action), "MIPS", "core", unused)).toHaveLength(
      126,
    );
  });

  it("have a table that may not be longer", () => {
    const action = { sigaction: 1n, flags: 0n, restorer: 0n, mask: 0n };
    const table = new Array<typeof action>(100_000).fill(action);
    let handlers: unknown[] = [];
    expect(
      told((problems) => {
        handlers = readSignalHandlers(table, "X86_64", "core-1.img", problems);
      }),
    ).toEqual(["the signal table holds 100,000 actions; allowed 62"]);
    expect(handlers).toHaveLength(62);
  });

  it("wait in queues of whole siginfo", () => {
    const siginfo = Buffer.alloc(128);
    siginfo.writeInt32LE(17, 0);
    siginfo.writeInt32LE(0, 8);
    siginfo.writeInt32LE(-1, 16);
    siginfo.writeUInt32LE(1000, 20);
    const queue = [{ siginfo }, { siginfo: new Uint8Array(3) }, { siginfo: new Uint8Array(0) }];
    const messages = told((problems) => {
      expect(readPendingSignals(queue, "X86_64", "core", problems)).toEqual([
        { signal: 17, name: "SIGCHLD", code: "SI_USER", pid: -1, uid: 1000 },
      ]);
    });
    expect(messages).toEqual(["2 pending signals are shorter than 32 bytes"]);
  });
});

describe("capabilities", () => {
  it("are the eleven of Podman", () => {
    expect(capabilityNames([2_147_747_323, 0])).toHaveLength(11);
  });

  it("reach from CAP_CHOWN to CAP_CHECKPOINT_RESTORE, and to numbers", () => {
    expect(capabilityNames([1, 1 << 8])).toEqual(["CAP_CHOWN", "CAP_CHECKPOINT_RESTORE"]);
    expect(capabilityNames([0, 0x80000000])).toEqual(["CAP_63"]);
    expect(capabilityNames([])).toEqual([]);
  });

  it("are two words and no more", () => {
    const ids = { uid: 1, gid: 2, euid: 3, egid: 4, suid: 5, sgid: 6, fsuid: 7, fsgid: 8 };
    const none: number[] = [];
    const sets = { cap_inh: none, cap_prm: none, cap_bnd: none, cap_amb: none, groups: [10, 20] };
    const messages = told((problems) => {
      const credentials = readCredentials(
        { ...ids, ...sets, cap_eff: new Array(1000).fill(1), secbits: 0x2f, no_new_privs: 1 },
        "core",
        problems,
      );
      expect(credentials).toMatchObject({
        uid: { real: 1, effective: 3, saved: 5, fileSystem: 7 },
        gid: { real: 2, effective: 4, saved: 6, fileSystem: 8 },
        groups: [10, 20],
        noNewPrivileges: true,
        secureBits: [
          "SECBIT_NOROOT",
          "SECBIT_NOROOT_LOCKED",
          "SECBIT_NO_SETUID_FIXUP",
          "SECBIT_NO_SETUID_FIXUP_LOCKED",
          "SECBIT_KEEP_CAPS_LOCKED",
        ],
      });
    });
    expect(messages).toEqual([
      "a capability set has 1,000 words; allowed 2, and the rest is not read",
    ]);
  });
});

describe("flags", () => {
  it("keep bits that have no name", () => {
    expect(bitNames(0x8000_0000_0000_0005n, [[1, "ONE"]])).toEqual(["ONE", "0x8000000000000004"]);
    expect(bitNames(0, [[1, "ONE"]])).toEqual([]);
  });
});

describe("resource limits", () => {
  const limit = { cur: 2n ** 64n - 1n, max: 2n ** 60n };

  it("are unlimited, numbers, or beyond them", () => {
    expect(readResourceLimits([limit], "X86_64", "core", unused)).toEqual([
      { name: "RLIMIT_CPU", soft: "unlimited", hard: 2n ** 60n },
    ]);
  });

  it("are sixteen, in another order on MIPS", () => {
    const messages = told((problems) => {
      expect(
        readResourceLimits(new Array(20).fill(limit), "X86_64", "core", problems),
      ).toHaveLength(16);
    });
    expect(messages).toEqual([
      "there are 20 resource limits; allowed 16, and the rest is not read",
    ]);
    expect(readResourceLimits(new Array(16).fill(limit), "MIPS", "core", unused)[5]?.name).toBe(
      "RLIMIT_NOFILE",
    );
  });
});

describe("seccomp filters", () => {
  const filter = (prev?: number) => ({
    filter: new Uint8Array(16),
    flags: 1,
    ...(prev === undefined ? {} : { prev }),
  });
  const place = { member: "core-1.img", label: "seccomp.img" };

  it("are a chain, from the first that was installed", () => {
    const { filters } = readSeccomp(2, 2, [filter(), filter(0), filter(1)], place, unused);
    expect(filters?.map(({ index, instructions }) => [index, instructions])).toEqual([
      [2, 2],
      [1, 2],
      [0, 2],
    ]);
  });

  it("go in no circle, and nowhere that is not there", () => {
    expect(told((problems) => readSeccomp(2, 0, [filter(1), filter(0)], place, problems))).toEqual([
      "seccomp filter 0 is installed before itself; the circle is cut there",
    ]);
    expect(told((problems) => readSeccomp(2, 9, [filter()], place, problems))).toEqual([
      "there is no seccomp filter 9; the image holds 1",
    ]);
    const odd = { ...filter(), filter: new Uint8Array(13) };
    expect(told((problems) => readSeccomp(2, 0, [odd], place, problems))).toEqual([
      "seccomp filter 0 is 13 bytes; allowed 1 to 4096 instructions of 8 bytes",
    ]);
  });

  it("are no more than the kernel takes", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => filter(at + 1));
    const messages = told((problems) => {
      expect(readSeccomp(2, 0, many, place, problems).filters).toHaveLength(6553);
    });
    expect(messages).toEqual([
      "the filters of a thread are more than the kernel takes (6553); the rest is left out",
    ]);
  });

  it("are none in other modes, and unknown without their image", () => {
    expect(readSeccomp(0, undefined, undefined, place, unused)).toEqual({
      mode: "disabled",
      filters: [],
    });
    expect(readSeccomp(1, undefined, [], place, unused).mode).toBe("strict");
    expect(readSeccomp(2, 0, undefined, place, unused).filters).toBeNull();
    expect(readSeccomp(7, 0, [], place, unused).mode).toBe("7");
  });
});

describe("timers", () => {
  it("are listed where they are armed, in seconds", () => {
    const idle = { isec: 0n, iusec: 0n, vsec: 0n, vusec: 0n };
    const timer = { isec: 1n, iusec: 500_000n, vsec: 0n, vusec: 250_000n };
    expect(readIntervalTimers([idle, timer, undefined])).toEqual([
      { type: "virtual", remainingSeconds: 0.25, intervalSeconds: 1.5 },
    ]);
    expect(readIntervalTimers([])).toEqual([]);
  });

  it("may have a clock of another process, and any number of seconds", () => {
    const [timer] = readPosixTimers(
      [
        {
          it_id: 3,
          // Of process 5: `~5 << 3 | CPUCLOCK_SCHED`.
          clock_id: 0xffff_ffd2,
          si_signo: 14,
          it_sigev_notify: 4,
          sival_ptr: 2n ** 63n,
          overrun: 2,
          isec: 2n ** 64n - 1n,
          insec: 0n,
          vsec: 0n,
          vnsec: 5n,
          notify_thread_id: 12,
        },
      ],
      "X86_64",
    );
    expect(timer).toEqual({
      id: 3,
      clock: "-46",
      notify: "SIGEV_THREAD_ID",
      signal: "SIGALRM",
      value: 2n ** 63n,
      overrun: 2,
      thread: 12,
      remainingSeconds: 5e-9,
      intervalSeconds: 2 ** 64,
    });
  });
});

describe("registers", () => {
  const core = (part: object): Decoded<"core_entry"> => part as Decoded<"core_entry">;
  const words = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
  const fpregs = {
    ...{ cwd: 0x37f, swd: 1, twd: 2, fop: 3, rip: 4n, rdp: 5n, mxcsr: 0x1f80, mxcsr_mask: 0xffff },
    ...{ st_space: words(32), xmm_space: words(64) },
  };
  const floating = (registers: object, problems = unused) => {
    const info = { gpregs: {}, fpregs: registers };
    return readRegisters(core({ thread_info: info }), "core", problems)?.floating;
  };

  it("of x86-64 have the names of the FXSAVE area and of vectors", () => {
    const read = floating(fpregs) ?? {};
    expect(read).toMatchObject({
      ...{ fcw: 0x37fn, fsw: 1n, ftw: 2n, fop: 3n, fip: 4n, fdp: 5n, mxcsr: 0x1f80n },
      // 80 of the 128 bits that each has room for.
      ...{ st0: 0x0003_00000002_00000001n, st7: 0x001f_0000001e_0000001dn },
      ...{ xmm0: 0x4_00000003_00000002_00000001n, xmm15: 0x40_0000003f_0000003e_0000003dn },
    });
    expect(Object.keys(read)).toHaveLength(8 + 8 + 16);
  });

  it("of x86-64 are whole where XSAVE holds their upper parts", () => {
    const none = { bndreg_state: [], bndcsr_state: [], zmm_upper: [], hi16_zmm: [], pkru: [] };
    const avx = { xstate_bv: 7n, ...none, ymmh_space: words(64), opmask_reg: [] };
    const ymm15 = 0x40_0000003f_0000003e_0000003d_00000040_0000003f_0000003e_0000003dn;
    expect(floating({ ...fpregs, xsave: avx })).toMatchObject({ ymm15 });
    const bits = (count: number): bigint[] => words(count).map(BigInt);
    const wide = { ...avx, zmm_upper: bits(64), hi16_zmm: bits(128), opmask_reg: bits(8) };
    const read = floating({ ...fpregs, xsave: { ...wide, pkru: [0x55555554, 0] } }) ?? {};
    expect((read["zmm15"] as bigint) >> 256n).toBe(
      (64n << 192n) | (63n << 128n) | (62n << 64n) | 61n,
    );
    expect(BigInt.asUintN(256, read["zmm15"] as bigint)).toBe(ymm15);
    expect((read["zmm31"] as bigint) >> 448n).toBe(128n);
    expect(read).toMatchObject({ k0: 1n, k7: 8n, pkru: 0x55555554n });
  });

  it("of a wrong number are left out, and told", () => {
    const messages = told((problems) => {
      expect(floating({ ...fpregs, st_space: [] }, problems)).toEqual({});
      const xsave = { ymmh_space: words(65) };
      expect(Object.keys(floating({ ...fpregs, xsave }, problems) ?? {})).toHaveLength(32);
    });
    expect(messages).toEqual([
      "a thread has floating-point registers of a wrong number; they are left out",
      "a thread has vector registers of a wrong number; they are left out",
    ]);
  });

  it("of aarch64 are x0 to x30, sp, pc and more", () => {
    const regs = Array.from({ length: 31 }, (_, at) => BigInt(at) + 2n ** 40n);
    const gpregs = { regs, sp: 1n, pc: 2n, pstate: 3n };
    const fpsimd = { vregs: words(64).map(BigInt), fpsr: 7, fpcr: 8 };
    const info = { clear_tid_addr: 0n, tls: 4n, gpregs, fpsimd };
    const read = readRegisters(core({ ti_aarch64: info }), "core", unused);
    expect(Object.keys(read?.general ?? {})).toHaveLength(35);
    expect(read?.general).toMatchObject({ x0: 2n ** 40n, x30: 2n ** 40n + 30n, sp: 1n, pc: 2n });
    expect(read?.floating).toMatchObject({
      v0: (2n << 64n) | 1n,
      v31: (64n << 64n) | 63n,
      fpsr: 7n,
    });
    const many = { ...info, gpregs: { ...gpregs, regs: new Array(100_000).fill(0n) } };
    const messages = told((problems) => {
      const cut = readRegisters(core({ ti_aarch64: many }), "core", problems);
      expect(Object.keys(cut?.general ?? {})).toHaveLength(35);
    });
    expect(messages).toEqual(["a thread has 100000 general registers; allowed 31"]);
  });

  it("of other architectures have CRIU's names", () => {
    const riscv = { ti_riscv64: { gpregs: { pc: 5n, ra: 6n } } };
    expect(readRegisters(core(riscv), "core", unused)?.general).toEqual({ pc: 5n, ra: 6n });
    const arm = { ti_arm: { gpregs: { r0: 1, pc: 2 }, fpstate: { vfp_regs: [3n], fpscr: 4 } } };
    expect(readRegisters(core(arm), "core", unused)?.floating).toEqual({
      vfp_regs0: 3n,
      fpscr: 4n,
    });
    expect(readRegisters(core(arm), "core", unused)?.general).toEqual({ r0: 1n, pc: 2n });
    const power = { ti_ppc64: { gpregs: { gpr: [7n, 8n], nip: 9n } } };
    expect(readRegisters(core(power), "core", unused)?.general).toEqual({
      gpr0: 7n,
      gpr1: 8n,
      nip: 9n,
    });
  });

  it("are none where there is no thread", () => {
    expect(readRegisters(core({}), "core", unused)).toBeUndefined();
  });
});

describe("environments", () => {
  const split = (text: string) => splitVariables(Buffer.from(text, "latin1"));

  it("keep what is repeated or malformed as it is", () => {
    expect(split("A=1\0A=2\0NOTHING\0=x\0\0B=a=b\0C=")).toEqual([
      { name: "A", value: "1" },
      { name: "A", value: "2" },
      { name: "NOTHING", value: null },
      { name: "", value: "x" },
      { name: "B", value: "a=b" },
      { name: "C", value: "" },
    ]);
    expect(split("")).toEqual([]);
    expect(split("\0\0\0")).toEqual([]);
  });

  it("keep bytes that are no UTF-8", () => {
    expect(split("A=\xff\xfe")).toEqual([{ name: "A", value: "\udcff\udcfe" }]);
  });
});

describe("thread ids", () => {
  const node = (pid: number, threads: number[]) => ({
    ...{ pid, ppid: 0, pgid: 1, sid: 1, depth: 0 },
    threads,
  });

  it("begin with the process's own and are there once", () => {
    const nodes = [node(1, [1, 7, 7, 0, 2, 4_194_305]), node(2, [2, 7, 8]), node(3, [])];
    const messages = told((problems) => {
      const ids = new ThreadIds(nodes, "pstree.img", problems);
      expect(nodes.map((each) => ids.of(each))).toEqual([[1, 7], [2, 8], [3]]);
    });
    expect(messages).toEqual([
      "process 1 lists thread 7; which is listed before, or is a process",
      "process 1 lists thread 0; allowed 1 to 4194304",
      "process 1 lists thread 2; which is listed before, or is a process",
      "process 1 lists thread 4194305; allowed 1 to 4194304",
      "process 2 lists thread 7; which is listed before, or is a process",
    ]);
  });
});

describe("the personality", () => {
  it("is read as hexadecimal where CRIU took it for decimal", () => {
    expect(readPersonality(440_000)).toEqual({
      personality: 0x440000,
      personalityFlags: ["ADDR_NO_RANDOMIZE", "READ_IMPLIES_EXEC"],
    });
    expect(readPersonality(40_008)).toEqual({
      personality: 0x40008,
      personalityFlags: ["ADDR_NO_RANDOMIZE", "0x8"],
    });
  });

  it("is taken as it is where it is one already, and where it is none either way", () => {
    expect(readPersonality(0x440000).personality).toBe(0x440000);
    expect(readPersonality(8).personality).toBe(8);
    expect(readPersonality(0).personalityFlags).toEqual([]);
    expect(readPersonality(4_294_967_295).personality).toBe(4_294_967_295);
    expect(readPersonality(undefined)).toEqual({ personality: null, personalityFlags: [] });
  });
});

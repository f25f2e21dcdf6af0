import type { ProblemLog } from "../../base/problem.ts";
import type { Decoded } from "../decode.ts";
import type { Messages } from "../schema/types.ts";
import {
  aarch64Floating,
  type FloatingRegisters,
  type NamedFloating,
  x86Floating,
} from "./floating.ts";

/** Registers of a thread, as they stood when it was frozen. */
export interface Registers {
  /** 32-bit code on a 64-bit kernel. */
  compat: boolean;
  /** By the names that gdb gives them, in its order; other architectures by CRIU's field names. */
  general: Record<string, bigint>;
  /** Floating-point and vector registers, up to 512 bits each, by the same rule. */
  floating: FloatingRegisters;
}

type Named = readonly (readonly [string, keyof Messages["user_x86_regs_entry"]])[];

const x86: Named = [
  ...(["ax", "bx", "cx", "dx", "si", "di", "bp", "sp"] as const).map(
    (name) => [`r${name}`, name] as const,
  ),
  ...(["r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"] as const).map(
    (name) => [name, name] as const,
  ),
  ["rip", "ip"],
  ["eflags", "flags"],
  ...(["cs", "ss", "ds", "es", "fs", "gs", "fs_base", "gs_base"] as const).map(
    (name) => [name, name] as const,
  ),
  ["orig_rax", "orig_ax"],
];

/** x0 to x30. */
const aarch64Registers = 31;
const compatMode = 2;

/** The registers in a core; undefined where it has none (a zombie's). */
export function readRegisters(
  core: Decoded<"core_entry">,
  member: string,
  problems: ProblemLog,
): Registers | undefined {
  if (core.thread_info !== undefined) {
    const { gpregs, fpregs } = core.thread_info;
    const general = Object.fromEntries(
      x86.map(([name, field]) => [name, BigInt(gpregs[field] ?? 0)]),
    );
    const floating = told(x86Floating(fpregs), member, problems);
    return { compat: gpregs.mode === compatMode, general, floating };
  }
  if (core.ti_aarch64 !== undefined) return aarch64(core.ti_aarch64, member, problems);
  return others(core);
}

/** Registers of one kind of an architecture that has no names of its own here. */
function others(core: Decoded<"core_entry">): Registers | undefined {
  const { ti_arm: arm, ti_ppc64: ppc, ti_s390: s390 } = core;
  const info = core.ti_mips ?? core.ti_loongarch64;
  const riscv = core.ti_riscv64;
  const general = arm?.gpregs ?? ppc?.gpregs ?? s390?.gpregs ?? info?.gpregs ?? riscv?.gpregs;
  if (general === undefined) return undefined;
  const banks = [
    arm?.fpstate,
    ...[ppc?.fpstate, ppc?.vrstate, ppc?.vsxstate],
    s390?.fpregs,
    { vxrs_low: s390?.vxrs_low?.regs, vxrs_high: s390?.vxrs_high?.regs },
    info?.fpregs,
    riscv?.fpsimd,
  ];
  return {
    compat: false,
    general: flatten(general),
    floating: Object.assign({}, ...banks.map((bank) => flatten(bank ?? {}))),
  };
}

/** The registers that could be read; what could not becomes a problem. */
function told(
  { registers, faults }: NamedFloating,
  member: string,
  problems: ProblemLog,
): FloatingRegisters {
  for (const fault of faults) {
    const message = `a thread ${fault}`;
    problems.add({ severity: "error", code: "registers", message, where: { member } });
  }
  return registers;
}

function aarch64(
  info: Messages["thread_info_aarch64"],
  member: string,
  problems: ProblemLog,
): Registers {
  const { regs, sp, pc, pstate } = info.gpregs;
  if (regs.length !== aarch64Registers) {
    const message = `a thread has ${regs.length} general registers; allowed ${aarch64Registers}`;
    problems.add({ severity: "error", code: "registers", message, where: { member } });
  }
  const general: Record<string, bigint> = {};
  for (const [at, value] of regs.slice(0, aarch64Registers).entries()) general[`x${at}`] = value;
  return {
    compat: false,
    general: { ...general, sp, pc, cpsr: pstate, tpidr: info.tls },
    floating: told(aarch64Floating(info.fpsimd), member, problems),
  };
}

/** No architecture has more registers of one kind. */
const bankRegisters = 64;

function flatten(registers: object): Record<string, bigint> {
  const general: Record<string, bigint> = {};
  for (const [field, value] of Object.entries(registers) as [string, unknown][]) {
    if (typeof value === "bigint" || typeof value === "number") {
      general[field] = BigInt.asUintN(64, BigInt(value));
    } else if (Array.isArray(value)) {
      for (const [at, one] of value.slice(0, bankRegisters).entries()) {
        general[`${field}${at}`] = BigInt.asUintN(64, BigInt(one as bigint | number));
      }
    }
  }
  return general;
}

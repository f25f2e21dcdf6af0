import type { ProblemLog } from "../../base/problem.ts";
import type { Decoded } from "../decode.ts";
import type { Messages } from "../schema/types.ts";

/** General registers of a thread, as they stood when it was frozen. */
export interface Registers {
  /** 32-bit code on a 64-bit kernel. */
  compat: boolean;
  /** By the names that gdb gives them, in its order; other architectures by CRIU's field names. */
  general: Record<string, bigint>;
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
    const { gpregs } = core.thread_info;
    const general = Object.fromEntries(
      x86.map(([name, field]) => [name, BigInt(gpregs[field] ?? 0)]),
    );
    return { compat: gpregs.mode === compatMode, general };
  }
  if (core.ti_aarch64 !== undefined) return aarch64(core.ti_aarch64, member, problems);
  const other =
    core.ti_arm?.gpregs ??
    core.ti_ppc64?.gpregs ??
    core.ti_s390?.gpregs ??
    core.ti_mips?.gpregs ??
    core.ti_loongarch64?.gpregs ??
    core.ti_riscv64?.gpregs;
  return other === undefined ? undefined : { compat: false, general: flatten(other) };
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
  return { compat: false, general: { ...general, sp, pc, cpsr: pstate, tpidr: info.tls } };
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

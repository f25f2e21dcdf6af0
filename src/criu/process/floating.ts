import { viewOf } from "../../base/bytes.ts";
import { fpsimd, readAarch64Floating } from "../registers/aarch64.ts";
import { fxsave, readX86Floating, type X86Floating } from "../registers/x86-64.ts";
import type { Messages } from "../schema/types.ts";

/** Floating-point and vector registers by name. */
export type FloatingRegisters = Record<string, bigint>;

/** Registers by name, with what of the image could not be used: a sentence without subject each. */
export interface NamedFloating {
  registers: FloatingRegisters;
  faults: string[];
}

const x87Registers = 8;
const vectors = 16;
/** Bytes of the 80 bits of an x87 register; the FXSAVE area has 16 for each. */
const x87Bytes = 10;

/**
 * Registers of x86-64: those of the FXSAVE area by Intel's names (`fcw`, `ftw` in its short form),
 * `st0` to `st7` with their 80 bits, vectors by gdb's names. `ymm0` holds `xmm0` in its lower half
 * and `zmm0` both, as in the processor; each is there where the image holds what is above it.
 */
export function x86Floating(registers: Messages["user_x86_fpregs_entry"]): NamedFloating {
  const { legacy, extended, faults } = readX86Floating(registers);
  if (legacy === undefined) return { registers: {}, faults };
  const view = viewOf(legacy);
  const named: FloatingRegisters = {};
  for (const [at, name] of (["fcw", "fsw", "ftw", "fop"] as const).entries()) {
    named[name] = BigInt(view.getUint16(fxsave.control + at * 2, true));
  }
  named["fip"] = view.getBigUint64(fxsave.rip, true);
  named["fdp"] = view.getBigUint64(fxsave.rdp, true);
  named["mxcsr"] = BigInt(view.getUint32(fxsave.mxcsr, true));
  named["mxcsr_mask"] = BigInt(view.getUint32(fxsave.mask, true));
  for (let at = 0; at < x87Registers; at++) {
    named[`st${at}`] = number(legacy, fxsave.st + at * 16, x87Bytes);
  }
  for (let at = 0; at < vectors; at++) named[`xmm${at}`] = number(legacy, fxsave.xmm + at * 16, 16);
  if (extended !== undefined) addExtended(named, extended);
  return { registers: named, faults };
}

function addExtended(named: FloatingRegisters, parts: NonNullable<X86Floating["extended"]>): void {
  const ymm = parts.get("ymmh_space");
  const zmm = parts.get("zmm_upper");
  for (let at = 0; ymm !== undefined && at < vectors; at++) {
    named[`ymm${at}`] = (number(ymm, at * 16, 16) << 128n) | (named[`xmm${at}`] as bigint);
  }
  for (let at = 0; zmm !== undefined && at < vectors; at++) {
    const lower = named[`ymm${at}`] ?? (named[`xmm${at}`] as bigint);
    named[`zmm${at}`] = (number(zmm, at * 32, 32) << 256n) | lower;
  }
  addBank(named, parts.get("hi16_zmm"), 64, (at) => `zmm${vectors + at}`);
  addBank(named, parts.get("opmask_reg"), 8, (at) => `k${at}`);
  addBank(named, parts.get("bndreg_state"), 16, (at) => `bnd${at}raw`);
  addBank(named, parts.get("bndcsr_state"), 8, (at) => ["bndcfgu", "bndstatus"][at]);
  addBank(named, parts.get("pkru"), 4, (at) => (at === 0 ? "pkru" : undefined));
}

/** Registers of `width` bytes each that lie one behind the other. */
function addBank(
  named: FloatingRegisters,
  bytes: Uint8Array | undefined,
  width: number,
  nameOf: (at: number) => string | undefined,
): void {
  for (let at = 0; bytes !== undefined && (at + 1) * width <= bytes.length; at++) {
    const name = nameOf(at);
    if (name !== undefined) named[name] = number(bytes, at * width, width);
  }
}

/** `v0` to `v31` with 128 bits each, `fpsr` and `fpcr`. */
export function aarch64Floating(
  registers: Messages["user_aarch64_fpsimd_context_entry"],
): NamedFloating {
  const { state, faults } = readAarch64Floating(registers);
  if (state === undefined) return { registers: {}, faults };
  const named: FloatingRegisters = {};
  for (let at = 0; at * 16 < fpsimd.fpsr; at++) named[`v${at}`] = number(state, at * 16, 16);
  named["fpsr"] = number(state, fpsimd.fpsr, 4);
  named["fpcr"] = number(state, fpsimd.fpcr, 4);
  return { registers: named, faults };
}

/** A little-endian number; what lies behind the end of the bytes is zero. */
function number(bytes: Uint8Array, offset: number, width: number): bigint {
  const digits = Buffer.from(bytes.subarray(offset, offset + width))
    .reverse()
    .toString("hex");
  return digits === "" ? 0n : BigInt(`0x${digits}`);
}

import { viewOf } from "../../base/bytes.ts";
import type { Messages } from "../schema/types.ts";

type Floating = Messages["user_x86_fpregs_entry"];
type Extended = Messages["user_x86_xsave_entry"];

/** Components of XSAVE that are more than the FXSAVE area, by CRIU's names. */
export type ExtendedField = Exclude<keyof Extended, "xstate_bv" | "cet">;

/** Floating-point and vector registers of a thread, each as the processor keeps it. */
export interface X86Floating {
  /** The FXSAVE area; undefined where the image holds a wrong number of registers. */
  legacy: Uint8Array | undefined;
  /** What XSAVE keeps beside it: what the image holds. Undefined where it holds no XSAVE area. */
  extended: ReadonlyMap<ExtendedField, Uint8Array> | undefined;
  /** What of the image could not be used: one sentence without subject and stop each. */
  faults: string[];
}

/**
 * `struct user_fpregs_struct` (`arch/x86/include/asm/user_64.h`), which is the FXSAVE area: offsets
 * in bytes. `cwd`, `swd`, `twd` and `fop` are words of 16 bits at 0, 2, 4, 6.
 */
export const fxsave = {
  control: 0,
  rip: 8,
  rdp: 16,
  mxcsr: 24,
  mask: 28,
  st: 32,
  xmm: 160,
  bytes: 512,
} as const;
const stWords = 32;
const xmmWords = 64;

/** Longest that CRIU writes, in words of `width` bytes. */
const components: readonly { field: ExtendedField; words: number; width: 4 | 8 }[] = [
  { field: "ymmh_space", words: 64, width: 4 },
  { field: "bndreg_state", words: 8, width: 8 },
  { field: "bndcsr_state", words: 8, width: 8 },
  { field: "opmask_reg", words: 8, width: 8 },
  { field: "zmm_upper", words: 64, width: 8 },
  { field: "hi16_zmm", words: 128, width: 8 },
  { field: "pkru", words: 2, width: 4 },
];

/** Reads the registers of a thread of x86-64, of which there may be any number in an image. */
export function readX86Floating(registers: Floating): X86Floating {
  const legacy = legacyArea(registers);
  if (legacy === undefined) {
    const fault = "has floating-point registers of a wrong number; they are left out";
    return { legacy, extended: undefined, faults: [fault] };
  }
  if (registers.xsave === undefined) return { legacy, extended: undefined, faults: [] };
  const extended = extendedParts(registers.xsave);
  const fault = "has vector registers of a wrong number; they are left out";
  return { legacy, extended, faults: extended === undefined ? [fault] : [] };
}

function legacyArea(registers: Floating): Uint8Array | undefined {
  if (registers.st_space.length !== stWords || registers.xmm_space.length !== xmmWords) {
    return undefined;
  }
  const bytes = new Uint8Array(fxsave.bytes);
  const view = viewOf(bytes);
  const { cwd, swd, twd, fop } = registers;
  for (const [at, word] of [cwd, swd, twd, fop].entries()) view.setUint16(at * 2, word, true);
  view.setBigUint64(fxsave.rip, registers.rip, true);
  view.setBigUint64(fxsave.rdp, registers.rdp, true);
  view.setUint32(fxsave.mxcsr, registers.mxcsr, true);
  view.setUint32(fxsave.mask, registers.mxcsr_mask, true);
  bytes.set(wordBytes(registers.st_space, 4), fxsave.st);
  bytes.set(wordBytes(registers.xmm_space, 4), fxsave.xmm);
  return bytes;
}

/** Undefined where a component is longer than it can be. */
function extendedParts(xsave: Extended): Map<ExtendedField, Uint8Array> | undefined {
  const parts = new Map<ExtendedField, Uint8Array>();
  for (const { field, words, width } of components) {
    if (xsave[field].length > words) return undefined;
    if (xsave[field].length > 0) parts.set(field, wordBytes(xsave[field], width));
  }
  return parts;
}

function wordBytes(words: readonly (number | bigint)[], width: 4 | 8): Uint8Array {
  const bytes = new Uint8Array(words.length * width);
  const view = viewOf(bytes);
  for (const [at, word] of words.entries()) {
    if (width === 4) view.setUint32(at * 4, Number(word), true);
    else view.setBigUint64(at * 8, BigInt(word), true);
  }
  return bytes;
}

import type { Messages } from "../../criu/schema/types.ts";
import { type Note, viewOf } from "./elf.ts";
import { type Machine, noteType, type ThreadRegisters } from "./machine.ts";

type General = Messages["user_x86_regs_entry"];
type Floating = Messages["user_x86_fpregs_entry"];
type Extended = Messages["user_x86_xsave_entry"];

/** `struct user_regs_struct` (`arch/x86/include/asm/user_64.h`): 27 words of 8 bytes. */
const generalOrder: readonly Exclude<keyof General, "mode">[] = [
  ...(["r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8"] as const),
  ...(["ax", "cx", "dx", "si", "di", "orig_ax", "ip", "cs", "flags", "sp", "ss"] as const),
  ...(["fs_base", "gs_base", "ds", "es", "fs", "gs"] as const),
];
/** Value of `mode` for 32-bit code (`user_x86_regs_mode`). */
const compatMode = 2;

/**
 * `struct user_fpregs_struct` of the same file, which is the FXSAVE area: offsets in bytes.
 * `cwd`, `swd`, `twd` and `fop` are words of 16 bits at 0, 2, 4, 6.
 */
const legacy = { rip: 8, rdp: 16, mxcsr: 24, mask: 28, st: 32, xmm: 160, bytes: 512 } as const;
const stWords = 32;
const xmmWords = 64;

/**
 * The XSAVE area in its standard form (Intel SDM 1, 13.4): the legacy area, a header of 64 bytes
 * that begins with XSTATE_BV, then the components at the offsets that Intel's processors report.
 * AMD's report others, but CRIU keeps components by name and gdb knows an area by its size, so
 * one form does. Linux puts XCR0 at 464, where the legacy area leaves room to software
 * (`arch/x86/include/asm/user.h`, `struct user_xstateregs`).
 */
const xcr0Offset = 464;
const xstateBvOffset = 512;
const components: readonly {
  field: Exclude<keyof Extended, "xstate_bv" | "cet">;
  /** Bits of XCR0. AVX-512's three come together. */
  bits: bigint;
  offset: number;
  /** Longest that CRIU writes, in words of `width` bytes. */
  words: number;
  width: 4 | 8;
  /** Size of an area that ends with this component, as gdb's `i387_guess_xsave_layout` knows it. */
  area: number;
}[] = [
  { field: "ymmh_space", bits: 0x4n, offset: 576, words: 64, width: 4, area: 832 },
  { field: "bndreg_state", bits: 0x8n, offset: 960, words: 8, width: 8, area: 1088 },
  { field: "bndcsr_state", bits: 0x10n, offset: 1024, words: 8, width: 8, area: 1088 },
  { field: "opmask_reg", bits: 0xe0n, offset: 1088, words: 8, width: 8, area: 2688 },
  { field: "zmm_upper", bits: 0xe0n, offset: 1152, words: 64, width: 8, area: 2688 },
  { field: "hi16_zmm", bits: 0xe0n, offset: 1664, words: 128, width: 8, area: 2688 },
  { field: "pkru", bits: 0x200n, offset: 2688, words: 2, width: 4, area: 2696 },
];
/** x87 and SSE, which every area has. */
const legacyBits = 0x3n;

export const x8664: Machine = {
  name: "X86_64",
  elf: 62, // EM_X86_64
  registers({ thread_info: info }) {
    if (info === undefined) return undefined;
    const result: ThreadRegisters = { general: general(info.gpregs), notes: [], faults: [] };
    if (info.gpregs.mode === compatMode) {
      result.faults.push("runs 32-bit code; its registers are written in their 64-bit form");
    }
    const area = legacyArea(info.fpregs);
    if (area === undefined) {
      result.faults.push("has floating-point registers of a wrong number; they are left out");
      return result;
    }
    result.notes.push({ owner: "CORE", type: noteType.floating, body: area });
    if (info.fpregs.xsave === undefined) return result;
    const note = extendedNote(area, info.fpregs.xsave);
    if (note === undefined) {
      result.faults.push("has vector registers of a wrong number; they are left out");
    } else result.notes.push(note);
    return result;
  },
};

function general(registers: General): Uint8Array {
  const bytes = new Uint8Array(generalOrder.length * 8);
  const view = viewOf(bytes);
  for (const [at, field] of generalOrder.entries()) {
    view.setBigUint64(at * 8, registers[field], true);
  }
  return bytes;
}

function legacyArea(registers: Floating): Uint8Array | undefined {
  if (registers.st_space.length !== stWords || registers.xmm_space.length !== xmmWords) {
    return undefined;
  }
  const bytes = new Uint8Array(legacy.bytes);
  const view = viewOf(bytes);
  const { cwd, swd, twd, fop } = registers;
  for (const [at, word] of [cwd, swd, twd, fop].entries()) view.setUint16(at * 2, word, true);
  view.setBigUint64(legacy.rip, registers.rip, true);
  view.setBigUint64(legacy.rdp, registers.rdp, true);
  view.setUint32(legacy.mxcsr, registers.mxcsr, true);
  view.setUint32(legacy.mask, registers.mxcsr_mask, true);
  putWords(view, legacy.st, 4, registers.st_space);
  putWords(view, legacy.xmm, 4, registers.xmm_space);
  return bytes;
}

/** NT_X86_XSTATE; undefined where a component is longer than it can be. */
function extendedNote(legacyPart: Uint8Array, xsave: Extended): Note | undefined {
  const present = components.filter(({ field }) => xsave[field].length > 0);
  if (present.some(({ field, words }) => xsave[field].length > words)) return undefined;
  const area = Math.max(xstateBvOffset + 64, ...present.map((component) => component.area));
  const xcr0 = present.reduce((bits, component) => bits | component.bits, legacyBits);
  const body = new Uint8Array(area);
  body.set(legacyPart);
  const view = viewOf(body);
  view.setBigUint64(xcr0Offset, xcr0, true);
  // A bit for a component that the image does not hold would claim zeros for it.
  view.setBigUint64(xstateBvOffset, xsave.xstate_bv & xcr0, true);
  for (const { field, offset, width } of present) putWords(view, offset, width, xsave[field]);
  return { owner: "LINUX", type: noteType.xstate, body };
}

function putWords(
  view: DataView,
  offset: number,
  width: 4 | 8,
  words: readonly (number | bigint)[],
): void {
  for (const [at, word] of words.entries()) {
    if (width === 4) view.setUint32(offset + at * 4, Number(word), true);
    else view.setBigUint64(offset + at * 8, BigInt(word), true);
  }
}

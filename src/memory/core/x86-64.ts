import { viewOf } from "../../base/bytes.ts";
import { type ExtendedField, readX86Floating } from "../../criu/registers/x86-64.ts";
import type { Messages } from "../../criu/schema/types.ts";
import type { Note } from "./elf.ts";
import { type Machine, noteType, type ThreadRegisters } from "./machine.ts";

type General = Messages["user_x86_regs_entry"];
/** `struct user_regs_struct` (`arch/x86/include/asm/user_64.h`): 27 words of 8 bytes. */
const generalOrder: readonly Exclude<keyof General, "mode">[] = [
  ...(["r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8"] as const),
  ...(["ax", "cx", "dx", "si", "di", "orig_ax", "ip", "cs", "flags", "sp", "ss"] as const),
  ...(["fs_base", "gs_base", "ds", "es", "fs", "gs"] as const),
];
/** Value of `mode` for 32-bit code (`user_x86_regs_mode`). */
const compatMode = 2;

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
  field: ExtendedField;
  /** Bits of XCR0. AVX-512's three come together. */
  bits: bigint;
  offset: number;
  /** Size of an area that ends with this component, as gdb's `i387_guess_xsave_layout` knows it. */
  area: number;
}[] = [
  { field: "ymmh_space", bits: 0x4n, offset: 576, area: 832 },
  { field: "bndreg_state", bits: 0x8n, offset: 960, area: 1088 },
  { field: "bndcsr_state", bits: 0x10n, offset: 1024, area: 1088 },
  { field: "opmask_reg", bits: 0xe0n, offset: 1088, area: 2688 },
  { field: "zmm_upper", bits: 0xe0n, offset: 1152, area: 2688 },
  { field: "hi16_zmm", bits: 0xe0n, offset: 1664, area: 2688 },
  { field: "pkru", bits: 0x200n, offset: 2688, area: 2696 },
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
    const { legacy, extended, faults } = readX86Floating(info.fpregs);
    result.faults.push(...faults);
    if (legacy === undefined) return result;
    result.notes.push({ owner: "CORE", type: noteType.floating, body: legacy });
    if (extended !== undefined) {
      result.notes.push(extendedNote(legacy, extended, info.fpregs.xsave?.xstate_bv ?? 0n));
    }
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

/** NT_X86_XSTATE. @param stateBits XSTATE_BV of the image */
function extendedNote(
  legacy: Uint8Array,
  parts: ReadonlyMap<ExtendedField, Uint8Array>,
  stateBits: bigint,
): Note {
  const present = components.filter(({ field }) => parts.has(field));
  const area = Math.max(xstateBvOffset + 64, ...present.map((component) => component.area));
  const xcr0 = present.reduce((bits, component) => bits | component.bits, legacyBits);
  const body = new Uint8Array(area);
  body.set(legacy);
  const view = viewOf(body);
  view.setBigUint64(xcr0Offset, xcr0, true);
  // A bit for a component that the image does not hold would claim zeros for it.
  view.setBigUint64(xstateBvOffset, stateBits & xcr0, true);
  for (const { field, offset } of present) body.set(parts.get(field) as Uint8Array, offset);
  return { owner: "LINUX", type: noteType.xstate, body };
}

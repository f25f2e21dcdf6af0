import { viewOf } from "../../base/bytes.ts";
import type { Messages } from "../schema/types.ts";

/**
 * `struct user_fpsimd_state` (`arch/arm64/include/uapi/asm/ptrace.h`): 32 registers of 128 bits,
 * then FPSR and FPCR, then 8 bytes that are reserved; offsets in bytes. CRIU keeps each register
 * as two words, the lower first.
 */
export const fpsimd = { fpsr: 512, fpcr: 516, bytes: 528 } as const;
const vectorWords = 64;

/** Floating-point and vector registers of a thread. */
interface Aarch64Floating {
  /** `struct user_fpsimd_state`; undefined where the image holds a wrong number of registers. */
  state: Uint8Array | undefined;
  /** What of the image could not be used: one sentence without subject and stop each. */
  faults: string[];
}

export function readAarch64Floating(
  registers: Messages["user_aarch64_fpsimd_context_entry"],
): Aarch64Floating {
  const { vregs, fpsr, fpcr } = registers;
  if (vregs.length !== vectorWords) {
    const fault = "has vector registers of a wrong number; they are left out";
    return { state: undefined, faults: [fault] };
  }
  const state = new Uint8Array(fpsimd.bytes);
  const view = viewOf(state);
  for (const [at, word] of vregs.entries()) view.setBigUint64(at * 8, word, true);
  view.setUint32(fpsimd.fpsr, fpsr, true);
  view.setUint32(fpsimd.fpcr, fpcr, true);
  return { state, faults: [] };
}

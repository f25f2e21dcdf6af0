import { viewOf } from "./elf.ts";
import { type Machine, noteType, type ThreadRegisters } from "./machine.ts";

/**
 * `struct user_pt_regs` (`arch/arm64/include/uapi/asm/ptrace.h`): x0 to x30, sp, pc, pstate, 34
 * words of 8 bytes.
 */
const generalRegisters = 31;

/**
 * `struct user_fpsimd_state` of the same file: 32 registers of 128 bits, then FPSR and FPCR, then
 * 8 bytes that are reserved. CRIU keeps each register as two words, the lower first.
 */
const vectorWords = 64;
const floatingBytes = 528;

export const aarch64: Machine = {
  name: "AARCH64",
  elf: 183, // EM_AARCH64
  registers({ ti_aarch64: info }) {
    if (info === undefined || info.gpregs.regs.length !== generalRegisters) return undefined;
    const { regs, sp, pc, pstate } = info.gpregs;
    const words = [...regs, sp, pc, pstate];
    const general = new Uint8Array(words.length * 8);
    for (const [at, word] of words.entries()) viewOf(general).setBigUint64(at * 8, word, true);
    const result: ThreadRegisters = { general, notes: [], faults: [] };

    const { vregs, fpsr, fpcr } = info.fpsimd;
    if (vregs.length === vectorWords) {
      const body = new Uint8Array(floatingBytes);
      const view = viewOf(body);
      for (const [at, word] of vregs.entries()) view.setBigUint64(at * 8, word, true);
      view.setUint32(vectorWords * 8, fpsr, true);
      view.setUint32(vectorWords * 8 + 4, fpcr, true);
      result.notes.push({ owner: "CORE", type: noteType.floating, body });
    } else {
      result.faults.push("has vector registers of a wrong number; they are left out");
    }

    const tls = new Uint8Array(8);
    viewOf(tls).setBigUint64(0, info.tls, true);
    result.notes.push({ owner: "LINUX", type: noteType.armTls, body: tls });
    return result;
  },
};

import { viewOf } from "../../base/bytes.ts";
import { readAarch64Floating } from "../../criu/registers/aarch64.ts";
import { type Machine, noteType, type ThreadRegisters } from "./machine.ts";

/**
 * `struct user_pt_regs` (`arch/arm64/include/uapi/asm/ptrace.h`): x0 to x30, sp, pc, pstate, 34
 * words of 8 bytes.
 */
const generalRegisters = 31;

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

    const { state, faults } = readAarch64Floating(info.fpsimd);
    result.faults.push(...faults);
    if (state !== undefined) {
      result.notes.push({ owner: "CORE", type: noteType.floating, body: state });
    }

    const tls = new Uint8Array(8);
    viewOf(tls).setBigUint64(0, info.tls, true);
    result.notes.push({ owner: "LINUX", type: noteType.armTls, body: tls });
    return result;
  },
};

import type { Messages } from "../../criu/schema/types.ts";
import type { Note } from "./elf.ts";

/** Registers of a thread as its architecture's notes want them. */
export interface ThreadRegisters {
  /** `elf_gregset_t`. */
  general: Uint8Array;
  /** Notes with further registers; the first of them, if any, is NT_FPREGSET. */
  notes: Note[];
  /** What of the image could not be used: one sentence without a stop each. */
  faults: string[];
}

/** What a core file needs to know of an architecture. */
export interface Machine {
  /** As CRIU's `mtype` calls it. */
  name: string;
  /** `e_machine` of `<elf.h>`. */
  elf: number;
  /** Undefined where the core image has no registers of this architecture. */
  registers(core: Messages["core_entry"]): ThreadRegisters | undefined;
}

/** Numbers of notes (`<elf.h>`). */
export const noteType = {
  status: 1, // NT_PRSTATUS
  floating: 2, // NT_FPREGSET
  info: 3, // NT_PRPSINFO
  auxiliary: 6, // NT_AUXV
  files: 0x46494c45, // NT_FILE
  xstate: 0x202, // NT_X86_XSTATE
  armTls: 0x401, // NT_ARM_TLS
} as const;

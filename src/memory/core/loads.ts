import type { Mapping } from "../../criu/memory/mapping.ts";
import type { Origin, ProcessMemory } from "../../criu/memory/process-memory.ts";
import { programFlags } from "./elf.ts";

/** One PT_LOAD. What is behind `fileBytes` is zero, or in a file that NT_FILE names. */
export interface Load {
  start: bigint;
  /** First address behind it. */
  end: bigint;
  /** Bytes from `start` that the core file holds. */
  fileBytes: number;
  /** `p_flags`. */
  flags: number;
}

/** How the bytes of a run of addresses come to a debugger. */
type Carried =
  /** In the core file. */
  | "dumped"
  /** Zero, in the core file as a hole, or by a `p_memsz` above `p_filesz`. */
  | "zero"
  /** By the file that NT_FILE names, or by nobody: pages of the kernel. */
  | "elsewhere"
  /** Nobody knows them. */
  | "lost";

const carried: Record<Origin, Carried> = {
  dumped: "dumped",
  zero: "zero",
  file: "elsewhere",
  kernel: "elsewhere",
  parent: "lost",
  lazy: "lost",
  missing: "lost",
  unmapped: "lost",
};

/**
 * Zeros between dumped pages up to this length are a hole in the file; longer ones end the
 * PT_LOAD. Address spaces have gaps of terabytes (shadow memory, reserved heaps), files must not.
 */
const holeBytes = 64n * 1024n * 1024n;

/**
 * The PT_LOADs of a process in order: one a mapping, as a kernel writes them, but
 * - where a mapping of a file is changed in parts, unchanged parts are loads of their own without
 *   bytes, so that a debugger takes them from the file and not from a hole that reads as zero;
 * - what nobody knows (left in a parent dump, or for lazy restore; in a missing image) is in no
 *   load, so that a debugger says so;
 * - a load ends at its last dumped page; the zeros behind it need no file.
 */
export function* loads(memory: ProcessMemory): Generator<Load> {
  for (const mapping of memory.mappings) yield* loadsOf(memory, mapping);
}

interface Open {
  start: bigint;
  /** End of the last dumped byte. */
  fileEnd: bigint;
  elsewhere: boolean;
}

function* loadsOf(memory: ProcessMemory, mapping: Mapping): Generator<Load> {
  const flags = flagsOf(mapping);
  const close = ({ start, fileEnd }: Open, end: bigint): Load => {
    return { start, end, fileBytes: Number(fileEnd - start), flags };
  };
  let open: Open | undefined;
  for (const { address, length, origin } of memory.segments(mapping.start, mapping.end)) {
    const how = carried[origin];
    const stays = open !== undefined && how !== "lost" && open.elsewhere === (how === "elsewhere");
    const far = how === "dumped" && open !== undefined && address - open.fileEnd > holeBytes;
    if (open !== undefined && (!stays || far)) {
      yield close(open, address);
      open = undefined;
    }
    if (how === "lost") continue;
    open ??= { start: address, fileEnd: address, elsewhere: how === "elsewhere" };
    if (how === "dumped") open.fileEnd = address + BigInt(length);
  }
  if (open !== undefined) yield close(open, mapping.end);
}

function flagsOf({ permissions }: Mapping): number {
  return (
    (permissions[0] === "r" ? programFlags.read : 0) |
    (permissions[1] === "w" ? programFlags.write : 0) |
    (permissions[2] === "x" ? programFlags.execute : 0)
  );
}

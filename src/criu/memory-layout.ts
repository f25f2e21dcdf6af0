import type { ByteSource } from "../base/byte-source.ts";
import { limits } from "../base/limits.ts";
import { safeNumber } from "../base/u64.ts";
import type { Decoded } from "./decode.ts";
import { readEntries } from "./image.ts";

/** A run of addresses, in bytes. */
export interface AddressRange {
  start: bigint;
  length: number;
}

/** What `mm-PID.img` says of a process's memory. */
export interface MemoryLayout {
  /** Page size in bytes, from the auxiliary vector that the process was started with. */
  pageSize: number | undefined;
  /** Command line and environment as the kernel laid them on the stack. */
  args: AddressRange | undefined;
  env: AddressRange | undefined;
  entry: Decoded<"mm_entry">;
}

/** `AT_PAGESZ` of `<elf.h>`. */
const auxPageSize = 6n;

export async function readMemoryLayout(source: ByteSource): Promise<MemoryLayout | undefined> {
  const entry = (await readEntries(source, "mm_entry"))[0];
  if (entry === undefined) return undefined;
  return {
    pageSize: pageSizeOf(entry.mm_saved_auxv),
    args: range(entry.mm_arg_start, entry.mm_arg_end),
    env: range(entry.mm_env_start, entry.mm_env_end),
    entry,
  };
}

/** The page size in an auxiliary vector, if it is one that Linux knows. */
function pageSizeOf(auxv: readonly bigint[]): number | undefined {
  for (let at = 0; at + 1 < auxv.length; at += 2) {
    const value = auxv[at + 1];
    if (auxv[at] === auxPageSize && (value === 4096n || value === 16384n || value === 65536n)) {
      return Number(value);
    }
  }
  return undefined;
}

/** A range that a process may set itself (prctl), so nothing about it is certain. */
function range(start: bigint, end: bigint): AddressRange | undefined {
  const length = safeNumber(end - start);
  if (length === undefined || length === 0) return undefined;
  return { start, length: Math.min(length, limits.argumentBytes) };
}

import { unlink } from "node:fs/promises";
import { createPrivateFile } from "../archive/private-file.ts";
import type { Mapping } from "../criu/memory/mapping.ts";
import type { ProcessMemory } from "../criu/memory/process-memory.ts";
import { SparseFile } from "./core/sparse-file.ts";
import { PageCopier } from "./page-copier.ts";

/** One file that `dump` wrote. Sizes in bytes. */
export interface DumpedFile {
  file: string;
  pid: number;
  start: bigint;
  end: bigint;
  permissions: string;
  name: string;
  /** Bytes that were in the dump; the rest of the file is a hole, which reads as zero. */
  writtenBytes: number;
  /** Bytes that are in files, a parent dump or nowhere: holes too. */
  unknownBytes: number;
}

interface DumpOptions {
  partial?: (path: string, state: "begun" | "done") => void;
  progress?: (bytes: number) => void;
}

/** `pid-1-00007f4007811000-00007f4007945000.bin`: the file of a mapping. */
export function mappingFile(pid: number, { start, end }: Mapping): string {
  const hex = (address: bigint): string => address.toString(16).padStart(16, "0");
  return `pid-${pid}-${hex(start)}-${hex(end)}.bin`;
}

/**
 * Writes a mapping to a new private file, sparse: offset 0 is its first address, and what the
 * dump does not hold is a hole.
 */
export async function dumpMapping(
  memory: ProcessMemory,
  mapping: Mapping,
  path: string,
  options: DumpOptions = {},
): Promise<DumpedFile> {
  const handle = await createPrivateFile(path);
  options.partial?.(path, "begun");
  let done = false;
  try {
    const file = new SparseFile(handle, path);
    const written = await writeSegments(file, memory, mapping, options);
    await file.end(Number(mapping.end - mapping.start));
    done = true;
    return {
      file: path,
      pid: memory.pid,
      start: mapping.start,
      end: mapping.end,
      permissions: mapping.permissions,
      name: mapping.name,
      ...written,
    };
  } finally {
    await handle.close();
    if (!done) await unlink(path).catch(() => {});
    options.partial?.(path, "done");
  }
}

async function writeSegments(
  file: SparseFile,
  memory: ProcessMemory,
  { start, end }: Mapping,
  { progress }: DumpOptions,
): Promise<Pick<DumpedFile, "writtenBytes" | "unknownBytes">> {
  let unknownBytes = 0;
  const write = (bytes: Uint8Array, at: number): Promise<void> => file.write(bytes, at);
  const copier = new PageCopier(Number(end - start), write, progress);
  try {
    for (const { origin, store, address, offset = 0, length } of memory.segments(start, end)) {
      if (origin === "zero") continue;
      if (origin !== "dumped" || store?.pages === undefined) unknownBytes += length;
      else await copier.copy(store.pages, offset, length, Number(address - start));
    }
  } finally {
    await copier.close();
  }
  return { writtenBytes: file.written, unknownBytes };
}

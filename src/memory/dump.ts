import { type FileHandle, unlink } from "node:fs/promises";
import { createPrivateFile } from "../archive/private-file.ts";
import type { Mapping } from "../criu/memory/mapping.ts";
import type { ProcessMemory } from "../criu/memory/process-memory.ts";

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

export interface DumpOptions {
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
    const written = await writeSegments(handle, memory, mapping, options);
    await handle.truncate(Number(mapping.end - mapping.start));
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
  handle: FileHandle,
  memory: ProcessMemory,
  mapping: Mapping,
  { progress }: DumpOptions,
): Promise<Pick<DumpedFile, "writtenBytes" | "unknownBytes">> {
  let writtenBytes = 0;
  let unknownBytes = 0;
  for (const segment of memory.segments(mapping.start, mapping.end)) {
    if (segment.origin === "zero") continue;
    const pages = segment.store?.pages;
    if (segment.origin !== "dumped" || pages === undefined) {
      unknownBytes += segment.length;
      continue;
    }
    let at = Number(segment.address - mapping.start);
    for await (const chunk of pages.stream(segment.offset, segment.length)) {
      await writeAll(handle, chunk, at);
      at += chunk.length;
      progress?.(chunk.length);
    }
    writtenBytes += segment.length;
  }
  return { writtenBytes, unknownBytes };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const result = await handle.write(bytes, written, bytes.length - written, position + written);
    written += result.bytesWritten;
  }
}

import type { Messages } from "../schema/types.ts";
import type { MappedFiles } from "./mapped-files.ts";

/** Bits of `prot` and `flags` (`<sys/mman.h>`), and of CRIU's `status` (`include/image.h`). */
const protection = { read: 1, write: 2, execute: 4 } as const;
const shared = 1;
const area = {
  heap: 1 << 5,
  vdso: 1 << 3,
  vsyscall: 1 << 2,
  filePrivate: 1 << 6,
  fileShared: 1 << 7,
  anonShared: 1 << 8,
  sysv: 1 << 10,
  socket: 1 << 11,
  vvar: 1 << 12,
  aio: 1 << 13,
  memfd: 1 << 14,
  guard: 1 << 16,
} as const;

/**
 * Is it a guard region (`MADV_GUARD_INSTALL`), which CRIU 4.2 writes as a VMA inside the one that it
 * guards? Newer C libraries guard the stacks of threads so, where the kernel can (Linux 6.13).
 */
export function isGuard({ status }: Messages["vma_entry"]): boolean {
  return (status & area.guard) !== 0;
}

/** Where the pages of a mapping come from. */
type Backing =
  /** The process's own pages; what was never written is zero. */
  | "private"
  /** Memory that processes share; its pages are kept once, by shmid. */
  | "shared"
  /** A file; only pages that the process changed are in the dump. */
  | "file"
  /** Pages that the kernel makes (vvar, vsyscall), and rings of packet sockets: not dumped. */
  | "kernel";

/** One mapping of a process: a line of `/proc/PID/maps`. */
export interface Mapping {
  /** Number in the process's list, counted from 0. */
  index: number;
  start: bigint;
  /** First address behind it. */
  end: bigint;
  /** `rwxp` as in /proc/PID/maps. */
  permissions: string;
  backing: Backing;
  /** `[heap]`, `[stack]`, a path, or "" for anonymous memory. Not sanitised. */
  name: string;
  /** Offset in the file or the shared memory, in bytes. */
  offset: bigint;
  /** Number of the shared memory, for `shared` and for private mappings of a memfd. */
  shmid: number | undefined;
  entry: Messages["vma_entry"];
}

/** Reads a VMA. `stackStart` is `mm_start_stack`, by which the stack is known. */
export function readMapping(
  entry: Messages["vma_entry"],
  index: number,
  stackStart: bigint,
  files: MappedFiles,
): Mapping {
  const memfd = (entry.status & area.memfd) !== 0 ? files.memfd(entry.shmid) : undefined;
  return {
    index,
    start: entry.start,
    end: entry.end,
    permissions: permissions(entry),
    backing: backing(entry),
    name: memfd?.name ?? name(entry, stackStart, files),
    offset: entry.pgoff,
    shmid: memfd?.shmid ?? anonymousShmid(entry),
    entry,
  };
}

function permissions({ prot, flags }: Messages["vma_entry"]): string {
  return (
    ((prot & protection.read) !== 0 ? "r" : "-") +
    ((prot & protection.write) !== 0 ? "w" : "-") +
    ((prot & protection.execute) !== 0 ? "x" : "-") +
    ((flags & shared) !== 0 ? "s" : "p")
  );
}

function backing({ status }: Messages["vma_entry"]): Backing {
  if ((status & (area.vvar | area.vsyscall | area.socket)) !== 0) return "kernel";
  if ((status & (area.anonShared | area.sysv)) !== 0) return "shared";
  if ((status & area.memfd) !== 0) return (status & area.fileShared) !== 0 ? "shared" : "file";
  return (status & (area.filePrivate | area.fileShared)) !== 0 ? "file" : "private";
}

function anonymousShmid({ status, shmid }: Messages["vma_entry"]): number | undefined {
  return (status & (area.anonShared | area.sysv)) !== 0 ? Number(shmid) : undefined;
}

function name(entry: Messages["vma_entry"], stackStart: bigint, files: MappedFiles): string {
  const { status, start, end } = entry;
  if ((status & area.vdso) !== 0) return "[vdso]";
  if ((status & area.vvar) !== 0) return "[vvar]";
  if ((status & area.vsyscall) !== 0) return "[vsyscall]";
  if ((status & area.heap) !== 0) return "[heap]";
  if ((status & area.sysv) !== 0) return `[sysv ${entry.shmid}]`;
  if ((status & area.anonShared) !== 0) return `[shared ${entry.shmid}]`;
  if (stackStart >= start && stackStart < end) return "[stack]";
  if ((status & area.socket) !== 0) return "[socket]";
  if ((status & area.aio) !== 0) return "[aio]";
  if ((status & (area.filePrivate | area.fileShared)) !== 0) return files.path(entry.shmid) ?? "";
  return "";
}

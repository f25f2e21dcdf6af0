import { unlink } from "node:fs/promises";
import { createPrivateFile } from "../../archive/private-file.ts";
import { ArchiveError } from "../../base/errors.ts";
import { type Problem, ProblemLog } from "../../base/problem.ts";
import type { ImageFolder } from "../../criu/image-folder.ts";
import type { ProcessMemory } from "../../criu/memory/process-memory.ts";
import type { CriuProcess } from "../../criu/processes.ts";
import type { Messages } from "../../criu/schema/types.ts";
import { frameBytes, type Note, noteBytes } from "./elf.ts";
import { placed, writeFrame } from "./frame.ts";
import { loads } from "./loads.ts";
import type { Machine } from "./machine.ts";
import { PageCursor } from "./page-cursor.ts";
import { auxiliaryNote, filesNote, infoNote } from "./process-notes.ts";
import { SparseFile } from "./sparse-file.ts";
import { statusNote } from "./thread-notes.ts";
import { coreThreads, machineOf } from "./threads.ts";

/** A core file that was written. Sizes in bytes. */
export interface CoreFile {
  file: string;
  pid: number;
  architecture: string;
  /** Threads whose registers it holds. */
  threads: number;
  programHeaders: number;
  /** Length of the file, holes included. */
  sizeBytes: number;
  /** What was written of it. */
  writtenBytes: number;
  /** Unchanged parts of mapped files, and pages of the kernel: a debugger takes them elsewhere. */
  elsewhereBytes: number;
  /** Left in a parent dump or for lazy restore, or in a missing image: in no PT_LOAD. */
  lostBytes: number;
  problems: Problem[];
}

interface CoreOptions {
  partial?: (path: string, state: "begun" | "done") => void;
  progress?: (written: number, total: number) => void;
}

/** What a core is made of: a process, its memory, and the images of its threads. */
export interface CoreSource {
  folder: ImageFolder;
  process: CriuProcess;
  memory: ProcessMemory;
}

/**
 * Writes an ELF core of a process to a new private file, sparse. Memory is needed for one chunk
 * of pages at a time: the headers, which come first in the file, are made by a walk of their own.
 */
export async function writeCore(
  source: CoreSource,
  path: string,
  options: CoreOptions = {},
): Promise<CoreFile> {
  const machine = await machineOf(source.folder, source.process);
  const measure = measureMemory(source.memory);
  const handle = await createPrivateFile(path);
  options.partial?.(path, "begun");
  let done = false;
  try {
    const file = new SparseFile(handle, path);
    const problems = new ProblemLog();
    const start = frameBytes(measure.loads + 1);
    const notes = await writeNotes(file, start, source, machine, problems);
    const size = await writeLoads(file, notes.end, source.memory, measure.dumpedBytes, options);
    await file.end(size);
    const frame = { machine: machine.elf, loads: measure.loads, notes: { start, end: notes.end } };
    await writeFrame(file, frame, source.memory);
    done = true;
    return {
      file: path,
      pid: source.process.pid,
      architecture: machine.name,
      threads: notes.threads,
      programHeaders: measure.loads + 1,
      sizeBytes: size,
      writtenBytes: file.written,
      elsewhereBytes: measure.elsewhereBytes,
      lostBytes: measure.lostBytes,
      problems: problems.list(),
    };
  } finally {
    await handle.close();
    if (!done) await unlink(path).catch(() => {});
    options.partial?.(path, "done");
  }
}

/**
 * The memory that a core is made of.
 * @param problems of the checkpoint, which say why there is none
 * @throws ArchiveError for a process without memory: a zombie, or one whose images are missing.
 */
export function requireMemory(
  process: CriuProcess,
  memory: ProcessMemory | undefined,
  problems: readonly Problem[],
): ProcessMemory {
  if (memory !== undefined && process.state !== "zombie") return memory;
  const zombie = process.state === "zombie";
  const image = `mm-${process.pid}.img`;
  const why = problems.find(({ where }) => where?.member?.split("/").at(-1) === image);
  throw new ArchiveError({
    what: zombie
      ? `process ${process.pid} is a zombie: it has ended, and has neither memory nor registers`
      : `the memory layout of process ${process.pid} cannot be read`,
    ...(why === undefined || zombie ? {} : { found: why.message }),
    allowed: "a process with memory",
    next: "see which have some: cryoscope memory ls",
  });
}

function measureMemory(memory: ProcessMemory): {
  loads: number;
  dumpedBytes: number;
  elsewhereBytes: number;
  lostBytes: number;
} {
  const sums = { loads: 0, dumpedBytes: 0, elsewhereBytes: 0, lostBytes: 0 };
  for (const _ of loads(memory)) sums.loads += 1;
  for (const { start, end } of memory.mappings) {
    for (const { origin, length } of memory.segments(start, end)) {
      if (origin === "dumped") sums.dumpedBytes += length;
      else if (origin === "file" || origin === "kernel") sums.elsewhereBytes += length;
      else if (origin !== "zero") sums.lostBytes += length;
    }
  }
  return sums;
}

/** Notes in the order of a kernel: those of the process stand behind the first NT_PRSTATUS. */
async function writeNotes(
  file: SparseFile,
  start: number,
  { folder, process, memory }: CoreSource,
  machine: Machine,
  problems: ProblemLog,
): Promise<{ end: number; threads: number }> {
  let end = start;
  let threads = 0;
  const put = async (note: Note): Promise<void> => {
    const bytes = noteBytes(note);
    await file.put(bytes, end);
    end += bytes.length;
  };
  const putProcess = async (core: Messages["core_entry"] | undefined): Promise<void> => {
    await put(await infoNote(process, core, memory));
    await put(auxiliaryNote(process.layout?.entry.mm_saved_auxv ?? []));
    const { note, leftOut } = filesNote(memory);
    if (note !== undefined) await put(note);
    if (leftOut === 0) return;
    const message = `the names of ${leftOut} mapped files are left out: NT_FILE would be too long`;
    problems.add({ severity: "warning", code: "core-files", message });
  };
  for await (const { tid, core, registers } of coreThreads(folder, process, machine, problems)) {
    await put(statusNote(tid, process, core, registers));
    if (threads === 0) await putProcess(core);
    for (const note of registers.notes) await put(note);
    threads += 1;
  }
  if (threads === 0) await putProcess(undefined);
  return { end, threads };
}

/** Writes the pages. @returns the length of the file */
async function writeLoads(
  file: SparseFile,
  notesEnd: number,
  memory: ProcessMemory,
  total: number,
  { progress }: CoreOptions,
): Promise<number> {
  const cursor = new PageCursor();
  let size = notesEnd;
  let read = 0;
  try {
    for (const { start, offset, fileBytes } of placed(memory, notesEnd)) {
      size = offset + fileBytes;
      if (fileBytes === 0) continue;
      for (const segment of memory.segments(start, start + BigInt(fileBytes))) {
        const pages = segment.store?.pages;
        if (segment.origin !== "dumped" || pages === undefined) continue;
        const at = offset + Number(segment.address - start);
        await cursor.copy(pages, segment.offset ?? 0, segment.length, async (chunk, inside) => {
          await file.put(chunk, at + inside);
          read += chunk.length;
          progress?.(read, total);
        });
      }
    }
  } finally {
    await cursor.close();
  }
  return size;
}

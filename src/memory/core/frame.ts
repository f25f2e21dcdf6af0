import { RefusedError } from "../../base/errors.ts";
import type { ProcessMemory } from "../../criu/memory/process-memory.ts";
import {
  alignUp,
  extendedNumber,
  extendedSection,
  fileHeader,
  headerBytes,
  type ProgramHeader,
  programFlags,
  programHeader,
  programHeaderBytes,
  programType,
} from "./elf.ts";
import { type Load, loads } from "./loads.ts";
import type { SparseFile } from "./sparse-file.ts";

interface Placed extends Load {
  /** Offset in the file. */
  offset: number;
}

/** Loads with their places in the file, which begin at page borders. */
export function* placed(memory: ProcessMemory, notesEnd: number): Generator<Placed> {
  let end = notesEnd;
  for (const load of loads(memory)) {
    // ELF wants offset and address to agree in all that a page leaves over.
    const inside = Number(load.start % BigInt(memory.pageSize));
    const offset = alignUp(end, memory.pageSize) + inside;
    end = offset + load.fileBytes;
    if (!Number.isSafeInteger(end)) {
      throw new RefusedError({
        what: "the core file would be longer than any file can be",
        allowed: `${Number.MAX_SAFE_INTEGER} bytes`,
        next: "write single mappings: cryoscope memory dump --mapping ADDRESS",
      });
    }
    yield { ...load, offset };
  }
}

/** What the headers of a core say, but for its loads. */
interface Frame {
  /** `e_machine` */
  machine: number;
  /** Number of PT_LOADs. */
  loads: number;
  /** Offsets in the file. */
  notes: { start: number; end: number };
}

/** Headers that are written at once. */
const headersAtOnce = 1024;

/** Writes file header and program headers, which walks over the loads once more. */
export async function writeFrame(
  file: SparseFile,
  { machine, loads: count, notes }: Frame,
  memory: ProcessMemory,
): Promise<void> {
  await file.put(fileHeader(machine, count + 1), 0);
  const batch = new Uint8Array(headersAtOnce * programHeaderBytes);
  let filled = 0;
  let at = headerBytes;
  const flush = async (): Promise<void> => {
    await file.put(batch.subarray(0, filled), at);
    at += filled;
    filled = 0;
  };
  for (const header of programHeaders(memory, notes)) {
    batch.set(programHeader(header), filled);
    filled += programHeaderBytes;
    if (filled === batch.length) await flush();
  }
  await flush();
  if (count + 1 >= extendedNumber) await file.put(extendedSection(count + 1), at);
}

function* programHeaders(
  memory: ProcessMemory,
  notes: { start: number; end: number },
): Generator<ProgramHeader> {
  yield {
    type: programType.note,
    flags: programFlags.read,
    offset: notes.start,
    address: 0n,
    fileBytes: notes.end - notes.start,
    memoryBytes: 0n,
    align: 4,
  };
  for (const { start, end, offset, fileBytes, flags } of placed(memory, notes.end)) {
    yield {
      type: programType.load,
      flags,
      offset,
      address: start,
      fileBytes,
      memoryBytes: end - start,
      align: memory.pageSize,
    };
  }
}

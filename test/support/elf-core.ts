import { readFileSync } from "node:fs";

/** Reads ELF cores for tests: written from `<elf.h>`, and knows nothing of `src/memory/core`. */

interface CoreSegment {
  type: number;
  flags: number;
  offset: number;
  address: bigint;
  fileBytes: number;
  memoryBytes: bigint;
  align: number;
}

interface CoreNote {
  owner: string;
  type: number;
  body: Buffer;
}

export interface ElfCore {
  bytes: Buffer;
  machine: number;
  segments: CoreSegment[];
  loads: CoreSegment[];
  notes: CoreNote[];
}

export function readElfCore(path: string): ElfCore {
  const bytes = readFileSync(path);
  if (bytes.toString("latin1", 0, 4) !== "\x7fELF") throw new Error("no ELF");
  if (bytes[4] !== 2 || bytes[5] !== 1 || bytes[6] !== 1)
    throw new Error("no ELF64, little-endian");
  if (bytes.readUInt16LE(16) !== 4) throw new Error("no ET_CORE");
  const start = Number(bytes.readBigUInt64LE(32));
  if (bytes.readUInt16LE(54) !== 56) throw new Error("e_phentsize");
  let count = bytes.readUInt16LE(56);
  if (count === 0xffff) {
    const section = Number(bytes.readBigUInt64LE(40));
    if (bytes.readUInt16LE(60) !== 1 || bytes.readUInt16LE(58) !== 64) throw new Error("e_shnum");
    count = bytes.readUInt32LE(section + 44);
  } else if (bytes.readBigUInt64LE(40) !== 0n) throw new Error("a section header without need");
  const segments = Array.from({ length: count }, (_, at) => segment(bytes, start + at * 56));
  const notes = segments.filter(({ type }) => type === 4).flatMap((each) => readNotes(bytes, each));
  const loads = segments.filter(({ type }) => type === 1);
  return { bytes, machine: bytes.readUInt16LE(18), segments, loads, notes };
}

function segment(bytes: Buffer, at: number): CoreSegment {
  return {
    type: bytes.readUInt32LE(at),
    flags: bytes.readUInt32LE(at + 4),
    offset: Number(bytes.readBigUInt64LE(at + 8)),
    address: bytes.readBigUInt64LE(at + 16),
    fileBytes: Number(bytes.readBigUInt64LE(at + 32)),
    memoryBytes: bytes.readBigUInt64LE(at + 40),
    align: Number(bytes.readBigUInt64LE(at + 48)),
  };
}

function readNotes(bytes: Buffer, { offset, fileBytes }: CoreSegment): CoreNote[] {
  const notes: CoreNote[] = [];
  const end = offset + fileBytes;
  let at = offset;
  while (at < end) {
    const nameBytes = bytes.readUInt32LE(at);
    const bodyBytes = bytes.readUInt32LE(at + 4);
    const type = bytes.readUInt32LE(at + 8);
    const owner = bytes.toString("latin1", at + 12, at + 12 + nameBytes - 1);
    at += 12 + Math.ceil(nameBytes / 4) * 4;
    notes.push({ owner, type, body: bytes.subarray(at, at + bodyBytes) });
    at += Math.ceil(bodyBytes / 4) * 4;
  }
  if (at !== end) throw new Error("notes run over their segment");
  return notes;
}

/** Notes by number; `CORE` and `LINUX` share no number here. */
export function notesOf({ notes }: ElfCore, type: number): Buffer[] {
  return notes.filter((note) => note.type === type).map(({ body }) => body);
}

/** Words of 8 bytes. */
export function words(bytes: Buffer): bigint[] {
  return Array.from({ length: bytes.length / 8 }, (_, at) => bytes.readBigUInt64LE(at * 8));
}

interface Status {
  signal: number;
  pending: bigint;
  held: bigint;
  pid: number;
  ppid: number;
  pgrp: number;
  sid: number;
  registers: bigint[];
  hasFloating: number;
}

/** `struct elf_prstatus`. @param count registers: 27 on x86-64, 34 on aarch64 */
export function readStatus(body: Buffer, count: number): Status {
  const end = 112 + count * 8;
  return {
    signal: body.readInt16LE(12),
    pending: body.readBigUInt64LE(16),
    held: body.readBigUInt64LE(24),
    pid: body.readInt32LE(32),
    ppid: body.readInt32LE(36),
    pgrp: body.readInt32LE(40),
    sid: body.readInt32LE(44),
    registers: words(body.subarray(112, end)),
    hasFloating: body.readInt32LE(end),
  };
}

interface MappedFile {
  start: bigint;
  end: bigint;
  page: bigint;
  name: string;
}

/** NT_FILE. */
export function readFiles(body: Buffer): { pageSize: bigint; files: MappedFile[] } {
  const count = Number(body.readBigUInt64LE(0));
  const names = body.subarray(16 + count * 24);
  if (count > 0 && names.at(-1) !== 0) throw new Error("the last name has no end");
  const split = names.toString("utf8").split("\0").slice(0, -1);
  if (split.length !== count) throw new Error(`${split.length} names of ${count} files`);
  const files = split.map((name, at): MappedFile => {
    const [start = 0n, end = 0n, page = 0n] = words(body.subarray(16 + at * 24, 40 + at * 24));
    return { start, end, page, name };
  });
  return { pageSize: body.readBigUInt64LE(8), files };
}

/**
 * The frame of an ELF64 core, little-endian: headers and notes as bytes. Nothing here knows what
 * a process is. Source: `<elf.h>` and the System V ABI; numbers are theirs.
 */
import { viewOf } from "../../base/bytes.ts";

/** Sizes in bytes. */
export const headerBytes = 64;
export const programHeaderBytes = 56;
const sectionHeaderBytes = 64;

export const programType = { load: 1, note: 4 } as const;
export const programFlags = { execute: 1, write: 2, read: 4 } as const;

/**
 * `PN_XNUM`: `e_phnum` has 16 bits. A file with this many program headers or more says so there,
 * and puts the true number into `sh_info` of its only section header.
 */
export const extendedNumber = 0xffff;

export interface ProgramHeader {
  type: number;
  flags: number;
  /** Offset in the file, in bytes. */
  offset: number;
  address: bigint;
  fileBytes: number;
  memoryBytes: bigint;
  align: number;
}

/** One note. `CORE` owns what all systems have, `LINUX` what Linux added. */
export interface Note {
  owner: "CORE" | "LINUX";
  type: number;
  body: Uint8Array;
}

/** Bytes before the first note: file header, program headers, and a section header where needed. */
export function frameBytes(programHeaders: number): number {
  const section = programHeaders >= extendedNumber ? sectionHeaderBytes : 0;
  return headerBytes + programHeaders * programHeaderBytes + section;
}

/** The file header of a core. @param machine `e_machine` */
export function fileHeader(machine: number, programHeaders: number): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  // Magic, ELFCLASS64, ELFDATA2LSB, EV_CURRENT; ELFOSABI_NONE, as Linux writes.
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const view = viewOf(bytes);
  const extended = programHeaders >= extendedNumber;
  view.setUint16(16, 4, true); // e_type: ET_CORE
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true); // e_version
  view.setBigUint64(32, BigInt(headerBytes), true); // e_phoff
  if (extended) {
    const section = headerBytes + programHeaders * programHeaderBytes;
    view.setBigUint64(40, BigInt(section), true); // e_shoff
    view.setUint16(58, sectionHeaderBytes, true);
    view.setUint16(60, 1, true); // e_shnum
  }
  view.setUint16(52, headerBytes, true);
  view.setUint16(54, programHeaderBytes, true);
  view.setUint16(56, extended ? extendedNumber : programHeaders, true);
  return bytes;
}

/** Section header 0, which holds the number of program headers that `e_phnum` cannot. */
export function extendedSection(programHeaders: number): Uint8Array {
  const bytes = new Uint8Array(sectionHeaderBytes);
  const view = viewOf(bytes);
  view.setBigUint64(32, 1n, true); // sh_size: number of section headers
  view.setUint32(44, programHeaders, true); // sh_info
  return bytes;
}

export function programHeader(header: ProgramHeader): Uint8Array {
  const bytes = new Uint8Array(programHeaderBytes);
  const view = viewOf(bytes);
  view.setUint32(0, header.type, true);
  view.setUint32(4, header.flags, true);
  view.setBigUint64(8, BigInt(header.offset), true);
  view.setBigUint64(16, header.address, true);
  // p_paddr (24) has no meaning here.
  view.setBigUint64(32, BigInt(header.fileBytes), true);
  view.setBigUint64(40, header.memoryBytes, true);
  view.setBigUint64(48, BigInt(header.align), true);
  return bytes;
}

/** A note with its header. Name and body are padded to 4 bytes, in 64-bit cores too. */
export function noteBytes({ owner, type, body }: Note): Uint8Array {
  const name = owner.length + 1;
  const start = 12 + alignUp(name, 4);
  const bytes = new Uint8Array(start + alignUp(body.length, 4));
  const view = viewOf(bytes);
  view.setUint32(0, name, true);
  view.setUint32(4, body.length, true);
  view.setUint32(8, type, true);
  for (let at = 0; at < owner.length; at++) bytes[12 + at] = owner.charCodeAt(at);
  bytes.set(body, start);
  return bytes;
}

export function alignUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

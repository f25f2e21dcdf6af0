import { ascii, isZero, text } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";
import type { MemberType } from "./member.ts";
import type { SparseSegment } from "./sparse-source.ts";

/** Length of a tar header and the unit to which bodies are padded. */
export const blockBytes = 512;

/** One 512-byte header: ustar, GNU or the older format without magic (POSIX.1-2017 pax, §ustar). */
export interface TarHeader {
  name: string;
  /** The type flag as a character; NUL, that of old archives, stays as it is. */
  flag: string;
  size: number;
  mode: number;
  uid: number;
  gid: number;
  /** Milliseconds since 1970. */
  mtime: number;
  linkName: string;
  gnu: boolean;
}

const memberTypes: Record<string, MemberType> = {
  "\0": "file",
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  "6": "fifo",
  "7": "file",
  S: "file",
};

/**
 * What a flag says. Old archives have none for folders, but a slash behind their names; a newer
 * one with a slash and a body is a file for Go, and its body no header.
 */
export function memberType(flag: string, name: string, size: number): MemberType {
  const type = memberTypes[flag] ?? "unknown";
  if (type !== "file" || !name.endsWith("/")) return type;
  return flag === "\0" || size === 0 ? "directory" : "file";
}

/** Bytes from one header to the next for a body of `size` bytes. */
export function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

/**
 * Decodes a header block.
 * @returns undefined for a block of zeros, which ends an archive.
 * @throws ArchiveError when the checksum or a number is wrong.
 */
export function decodeHeader(block: Uint8Array): TarHeader | undefined {
  if (block[0] === 0 && isZero(block)) return undefined;
  checkSum(block);
  const magic = ascii(block.subarray(257, 265));
  const posix = magic === "ustar\x0000";
  const name = textField(block, 0, 100);
  const prefix = posix ? textField(block, 345, 155) : "";
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    flag: String.fromCharCode(block[156] as number),
    size: numberField(block, 124, 12, "size"),
    mode: numberField(block, 100, 8, "mode") & 0o7777,
    uid: numberField(block, 108, 8, "uid"),
    gid: numberField(block, 116, 8, "gid"),
    mtime: signedField(block, 136, 12, "mtime") * 1000,
    linkName: textField(block, 157, 100),
    gnu: magic === "ustar  \0",
  };
}

/** The sparse map in an old GNU header (type `S`): four segments, and whether more blocks follow. */
export function gnuSparseHeader(block: Uint8Array): {
  segments: SparseSegment[];
  extended: boolean;
  realSize: number;
} {
  return {
    segments: gnuSegments(block, 386, 4),
    extended: block[482] !== 0,
    realSize: numberField(block, 483, 12, "real size"),
  };
}

/** A block that continues an old GNU sparse map: 21 segments. */
export function gnuSparseExtension(block: Uint8Array): {
  segments: SparseSegment[];
  extended: boolean;
} {
  return { segments: gnuSegments(block, 0, 21), extended: block[504] !== 0 };
}

function gnuSegments(block: Uint8Array, start: number, count: number): SparseSegment[] {
  const segments: SparseSegment[] = [];
  for (let at = start; at < start + count * 24; at += 24) {
    if (block[at] === 0) break;
    segments.push({
      offset: numberField(block, at, 12, "segment offset"),
      length: numberField(block, at + 12, 12, "segment length"),
    });
  }
  return segments;
}

function checkSum(block: Uint8Array): void {
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < blockBytes; at++) {
    // The checksum field itself counts as eight spaces.
    const byte = at >= 148 && at < 156 ? 32 : (block[at] as number);
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  const stored = Number.parseInt(ascii(block.subarray(148, 156)).trim(), 8);
  // Some old writers summed signed characters; every reader accepts both.
  if (stored === unsigned || stored === signed) return;
  throw new ArchiveError({
    what: "a tar header has a wrong checksum",
    found: Number.isNaN(stored) ? "no octal number" : formatCount(stored),
    allowed: formatCount(unsigned),
    next: "compare the file with its original (sha256sum): it is damaged, or no tar at this place",
  });
}

function textField(block: Uint8Array, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return text(end === -1 ? field : field.subarray(0, end));
}

function numberField(block: Uint8Array, start: number, length: number, name: string): number {
  const value = signedField(block, start, length, name);
  if (value >= 0) return value;
  throw new ArchiveError({
    what: `a tar header has a negative ${name}`,
    found: formatCount(value),
    allowed: "0 or more",
  });
}

function signedField(block: Uint8Array, start: number, length: number, name: string): number {
  const field = block.subarray(start, start + length);
  const value = (field[0] as number) & 0x80 ? base256(field) : octal(field);
  if (value !== undefined) return value;
  throw new ArchiveError({
    what: `a tar header has a ${name} that is no number we can use`,
    found: JSON.stringify(ascii(field)),
    allowed: "octal digits, or a binary number up to 2^53 - 1",
  });
}

/** GNU's binary numbers: top bit set, two's complement, big-endian. */
function base256(field: Uint8Array): number | undefined {
  const negative = field[0] === 0xff;
  let value = negative ? -1n : BigInt((field[0] as number) & 0x7f);
  for (let at = 1; at < field.length; at++) value = (value << 8n) | BigInt(field[at] as number);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

const octalField = /^ *([0-7]*)[ \0]*$/;

function octal(field: Uint8Array): number | undefined {
  // Bytes after the first NUL are not part of the number.
  const end = field.indexOf(0);
  const match = octalField.exec(ascii(end === -1 ? field : field.subarray(0, end)));
  if (match === null) return undefined;
  return match[1] === "" ? 0 : Number.parseInt(match[1] as string, 8);
}

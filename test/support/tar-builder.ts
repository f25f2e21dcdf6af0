import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "./samples.ts";

/**
 * Writes tars that no honest program writes. Every field of a header can be forced; what is left
 * out is as GNU tar writes it.
 */

/** A number as octal digits, or the bytes of the field as they are. */
type NumberField = number | Uint8Array | string;

export interface Entry {
  name?: string | Uint8Array;
  /** The type flag. */
  type?: string;
  size?: NumberField;
  mode?: NumberField;
  uid?: NumberField;
  gid?: NumberField;
  mtime?: NumberField;
  linkName?: string;
  /** `ustar\0` and version, unless another magic is wanted. */
  magic?: string;
  prefix?: string;
  /** The checksum field as text, where it must be wrong. */
  checksum?: string;
  body?: Uint8Array | string;
  /** False leaves the padding of the body out. */
  padding?: boolean;
  /** Records of a PAX header that is put in front. */
  pax?: readonly (readonly [string, string])[];
  /** Writes into the finished block before the checksum is made. */
  patch?: (block: Buffer) => void;
}

const posixMagic = "ustar\x0000";
export const gnuMagic = "ustar  \0";

export function bytes(value: Uint8Array | string): Buffer {
  return typeof value === "string" ? Buffer.from(value) : Buffer.from(value);
}

/** GNU's binary number: top bit set, two's complement, big-endian. */
export function base256(value: bigint, length = 12): Buffer {
  const field = Buffer.alloc(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let at = length - 1; at >= 0; at--) {
    field[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  field[0] = (field[0] as number) | 0x80;
  return field;
}

export function header(entry: Entry): Buffer {
  const block = Buffer.alloc(512);
  const put = (value: Uint8Array | string, at: number, length: number): void => {
    bytes(value).copy(block, at, 0, length);
  };
  const number = (value: NumberField, at: number, length: number): void => {
    const text = typeof value === "number" ? value.toString(8).padStart(length - 1, "0") : value;
    put(text, at, length);
  };
  put(entry.name ?? "member", 0, 100);
  number(entry.mode ?? 0o600, 100, 8);
  number(entry.uid ?? 0, 108, 8);
  number(entry.gid ?? 0, 116, 8);
  number(entry.size ?? bytes(entry.body ?? "").length, 124, 12);
  number(entry.mtime ?? 1_700_000_000, 136, 12);
  put(entry.type ?? "0", 156, 1);
  put(entry.linkName ?? "", 157, 100);
  put(entry.magic ?? posixMagic, 257, 8);
  put(entry.prefix ?? "", 345, 155);
  entry.patch?.(block);
  put(entry.checksum ?? checksum(block), 148, 8);
  return block;
}

function checksum(block: Buffer): string {
  let sum = 8 * 32;
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte;
  return `${sum.toString(8).padStart(6, "0")}\0 `;
}

/** `LENGTH KEY=VALUE\n`, LENGTH counting itself. */
export function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length += 1;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

export function paxHeader(records: readonly (readonly [string, string])[], type = "x"): Buffer {
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  return member({ name: "PaxHeaders/0", type, body });
}

/** GNU's `././@LongLink` for a name (`L`) or a link target (`K`). */
export function longName(name: string, type: "L" | "K" = "L"): Buffer {
  return member({ name: "././@LongLink", type, body: `${name}\0`, magic: gnuMagic });
}

/** Header, body and padding, with a PAX header before them where records are given. */
export function member(entry: Entry): Buffer {
  const body = bytes(entry.body ?? "");
  const padding = entry.padding === false ? 0 : (512 - (body.length % 512)) % 512;
  const before = entry.pax === undefined ? [] : [paxHeader(entry.pax)];
  return Buffer.concat([...before, header(entry), body, Buffer.alloc(padding)]);
}

export const zeroBlock: Buffer = Buffer.alloc(512);
export const endMarker: Buffer = Buffer.alloc(1024);

/** A whole tar with its end marker. */
export function tar(entries: readonly (Entry | Buffer)[], end: Buffer = endMarker): Buffer {
  const parts = entries.map((entry) => (Buffer.isBuffer(entry) ? entry : member(entry)));
  return Buffer.concat([...parts, end]);
}

/** Old GNU sparse header: up to four segments, and whether extension blocks follow. */
export function gnuSparse(
  entry: Entry,
  segments: readonly (readonly [number, number])[],
  realSize: number | Uint8Array,
  extended = false,
): Entry {
  return {
    ...entry,
    type: "S",
    magic: gnuMagic,
    patch: (block) => {
      putSegments(block, 386, segments);
      block[482] = extended ? 1 : 0;
      block.set(typeof realSize === "number" ? base256(BigInt(realSize)) : realSize, 483);
    },
  };
}

/** A block that continues an old GNU sparse map. */
export function gnuSparseBlock(
  segments: readonly (readonly [number, number])[],
  extended: boolean,
): Buffer {
  const block = Buffer.alloc(512);
  putSegments(block, 0, segments);
  block[504] = extended ? 1 : 0;
  return block;
}

function putSegments(
  block: Buffer,
  at: number,
  segments: readonly (readonly [number, number])[],
): void {
  for (const [index, [offset, length]] of segments.entries()) {
    block.set(base256(BigInt(offset)), at + index * 24);
    block.set(base256(BigInt(length)), at + index * 24 + 12);
  }
}

/** Bytes, or a hole of that many bytes. */
export type Stretch = Buffer | { hole: number };

/** Writes a private file (0600) in a folder that goes with the test; holes take no disk. */
export function sparseFile(stretches: readonly Stretch[], name = "archive.tar"): string {
  const path = join(scratch(), name);
  const fd = openSync(path, "wx", 0o600);
  try {
    let at = 0;
    for (const stretch of stretches) {
      if (Buffer.isBuffer(stretch)) {
        writeSync(fd, stretch, 0, stretch.length, at);
        at += stretch.length;
      } else at += stretch.hole;
    }
    ftruncateSync(fd, at);
  } finally {
    closeSync(fd);
  }
  return path;
}

/** The same for bytes without holes. */
export function privateFile(content: Uint8Array | string, name = "archive.tar"): string {
  return sparseFile([bytes(content)], name);
}

import { gunzipSync, gzipSync } from "node:zlib";
import { zstdStored } from "../support/zstd-builder.ts";

/** A tar header with what follows it: a member, or an extended header before one. */
export interface Part {
  /** 512 bytes; none where the subject is a plain file. */
  header: Buffer;
  /** As it stood in the seed, which is how mutations name it. */
  name: string;
  body: Buffer;
}

/** A change of bytes after everything was put together. */
export interface ByteEdit {
  at: number;
  remove: number;
  insert: Buffer;
}

/**
 * What is mutated: an archive in parts, or one file. Buffers are never written to, because seeds
 * share them: whoever changes one makes a copy.
 */
export interface Subject {
  shape: "archive" | "file";
  /** Name of the file that is written. */
  fileName: string;
  parts: Part[];
  /** The end marker and whatever follows. */
  end: Buffer;
  packing: "none" | "gzip" | "zstd";
  /** Made to the tar, and to the packed bytes. */
  edits: { tar: ByteEdit[]; packed: ByteEdit[] };
}

export const blockBytes = 512;

/** Cuts a tar into parts. Only for tars that are whole: seeds. */
export function readParts(tar: Buffer): { parts: Part[]; end: Buffer } {
  const parts: Part[] = [];
  let at = 0;
  while (at + blockBytes <= tar.length && tar[at] !== 0) {
    const header = tar.subarray(at, at + blockBytes);
    const size = Number.parseInt(header.toString("latin1", 124, 135), 8);
    if (!Number.isInteger(size)) break;
    const start = at + blockBytes;
    const padded = Math.ceil(size / blockBytes) * blockBytes;
    const name = header.toString("utf8", 0, 100).replace(/\0.*$/s, "");
    parts.push({ header, name, body: tar.subarray(start, start + size) });
    at = start + padded;
  }
  return { parts, end: tar.subarray(at) };
}

export function unpack(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/** A subject that can be mutated without touching the seed. */
export function copySubject(seed: Subject): Subject {
  return {
    ...seed,
    parts: seed.parts.map((part) => ({ ...part })),
    edits: { tar: [...seed.edits.tar], packed: [...seed.edits.packed] },
  };
}

const zeros = Buffer.alloc(blockBytes);

/** The parts with their padding, and the end. */
export function joinParts({ parts, end }: Pick<Subject, "parts" | "end">): Buffer {
  const pieces: Buffer[] = [];
  for (const { header, body } of parts) {
    pieces.push(header, body);
    const over = body.length % blockBytes;
    if (over > 0) pieces.push(zeros.subarray(over));
  }
  pieces.push(end);
  return Buffer.concat(pieces);
}

/** The bytes of the file that a subject stands for. */
export function subjectBytes(subject: Subject): Buffer {
  const joined =
    subject.shape === "file" ? (subject.parts[0]?.body ?? Buffer.alloc(0)) : joinParts(subject);
  const tar = edited(joined, subject.edits.tar);
  return edited(pack(tar, subject.packing), subject.edits.packed);
}

function pack(bytes: Buffer, packing: Subject["packing"]): Buffer {
  if (packing === "none") return bytes;
  return packing === "gzip" ? gzipSync(bytes, { level: 1 }) : zstdStored(bytes);
}

function edited(bytes: Buffer, edits: readonly ByteEdit[]): Buffer {
  let result = bytes;
  for (const { at, remove, insert } of edits) {
    const from = Math.min(at, result.length);
    const rest = result.subarray(Math.min(result.length, from + remove));
    result = Buffer.concat([result.subarray(0, from), insert, rest]);
  }
  return result;
}

/** Gives a header its checksum. */
export function withChecksum(header: Buffer): Buffer {
  const copy = Buffer.from(header);
  copy.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of copy) sum += byte;
  copy.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return copy;
}

/** A header of `size` bytes for a part that was added, or changed its length. */
export function withSize(header: Buffer, size: number): Buffer {
  if (header.length === 0) return header;
  const copy = Buffer.from(header);
  copy.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  return withChecksum(copy);
}

/** The same part with another body, and a header that says so. */
export function withBody(part: Part, body: Buffer): Part {
  return { ...part, body, header: withSize(part.header, body.length) };
}

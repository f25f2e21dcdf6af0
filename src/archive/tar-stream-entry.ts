import { ArchiveError } from "../base/errors.ts";
import type { MemberType, TarMember } from "./member.ts";
import { applySparse, paxAttributes } from "./pax.ts";

/** What tar-stream 3 hands out; its published types leave half of it out. */
interface EntryHeader {
  name: string;
  mode?: number;
  uid?: number;
  gid?: number;
  size?: number;
  mtime?: Date;
  linkname?: string | null;
  type?: string | null;
  pax?: Record<string, string> | null;
  /** Offset of the data. */
  byteOffset: number;
}
export type EntryStream = AsyncIterable<Uint8Array> & {
  /** Offset of the header proper, extended headers before it not counted. */
  offset: number;
  header: EntryHeader;
};

const types: Record<string, MemberType> = {
  file: "file",
  "contiguous-file": "file",
  link: "hardlink",
  symlink: "symlink",
  directory: "directory",
  fifo: "fifo",
  "character-device": "character-device",
  "block-device": "block-device",
};

/** tar-stream hands out what it cannot read as a number as null or NaN, and trusts a null size. */
function checkNumbers(header: EntryHeader): void {
  for (const name of ["size", "mode", "uid", "gid"] as const) {
    const value = header[name];
    if (Number.isSafeInteger(value) && (value as number) >= 0) continue;
    throw new ArchiveError({
      what: `a tar header has a ${name} that is no number we can use`,
      found: String(value),
      allowed: "octal digits, or a binary number up to 2^53 - 1",
    });
  }
  if (Number.isFinite(header.mtime?.getTime())) return;
  throw new ArchiveError({
    what: "a tar header has a mtime that is no time we can use",
    found: String(header.mtime),
    allowed: "octal digits",
  });
}

/** A member as tar-stream tells of it. @throws ArchiveError for numbers that are none. */
export function describeEntry(entry: EntryStream): TarMember {
  const { header } = entry;
  checkNumbers(header);
  const pax = paxAttributes(Object.entries(header.pax ?? {}));
  const name = pax.path ?? header.name;
  const known = types[header.type ?? ""] ?? "unknown";
  const type = known === "file" && name.endsWith("/") ? "directory" : known;
  const stored = type === "directory" ? 0 : (header.size ?? 0);
  const member: TarMember = {
    index: 0,
    name,
    type,
    size: stored,
    storedSize: stored,
    mode: (header.mode ?? 0) & 0o7777,
    uid: pax.uid ?? header.uid ?? 0,
    gid: pax.gid ?? header.gid ?? 0,
    mtime: pax.mtime ?? header.mtime?.getTime() ?? 0,
    headerOffset: entry.offset,
    dataOffset: header.byteOffset,
  };
  const link = type === "symlink" || type === "hardlink";
  if (link && typeof header.linkname === "string") member.linkName = header.linkname;
  applySparse(member, pax);
  return member;
}

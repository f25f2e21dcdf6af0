import type { SparseSegment } from "./sparse-source.ts";

export type MemberType =
  | "file"
  | "directory"
  | "symlink"
  | "hardlink"
  | "character-device"
  | "block-device"
  | "fifo"
  | "unknown";

/** How a sparse member says where its bytes belong. */
export interface SparseMap {
  form: "gnu" | "pax-0.0" | "pax-0.1" | "pax-1.0";
  /** Absent for `pax-1.0`, whose map stands at the head of its data and is read when needed. */
  segments?: SparseSegment[];
}

/** One member of a tar, from its header alone. Sizes and offsets in bytes. */
export interface TarMember {
  /** Place in the archive, counted from 0. */
  index: number;
  /** The name as it stands in the header, unsanitised. */
  name: string;
  type: MemberType;
  /** Length of the content as the container saw it (holes of a sparse file included). */
  size: number;
  /** Bytes that the archive stores for it, without padding. */
  storedSize: number;
  /** Permission bits, with set-user-ID and friends. */
  mode: number;
  uid: number;
  gid: number;
  /** Modification time in milliseconds since 1970. */
  mtime: number;
  /** Target of a symbolic or hard link, unsanitised. */
  linkName?: string;
  /** Offset of the ustar header, and of the first byte of data, in the uncompressed tar. */
  headerOffset: number;
  dataOffset: number;
  sparse?: SparseMap;
  /** Set where the archive ends before the member does: bytes that are there. */
  available?: number;
}

/** The name by which members are compared: no leading `./` or `/`, no trailing `/`. */
export function canonicalName(name: string): string {
  if (!name.includes("//") && !name.includes("/.") && !name.startsWith(".")) {
    const from = name.startsWith("/") ? 1 : 0;
    return name.endsWith("/") ? name.slice(from, -1) : name.slice(from);
  }
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

type NameHazard = "empty" | "absolute" | "parent" | "nul";

/** Why a name must never be used as a path below a folder, if so. */
export function nameHazard(name: string): NameHazard | undefined {
  if (name.includes("\0")) return "nul";
  if (name.startsWith("/")) return "absolute";
  if (name === ".." || name.startsWith("../") || name.endsWith("/..") || name.includes("/../")) {
    return "parent";
  }
  if (canonicalName(name) === "" && !/^\.?\/?$/.test(name)) return "empty";
  return name === "" ? "empty" : undefined;
}

import type { Origin } from "../../criu/memory/process-memory.ts";

/**
 * Bytes that can be looked at: the address space of a process, or the content of a member of the
 * archive. `OUTER!INNER` is a member of an archive inside the archive.
 */
export type ByteSpace = { pid: number } | { member: string };

/**
 * What a space is made of: regions of addresses, in order and apart, with nothing between them.
 * The regions of a process are its mappings; a member is one region. Columns, because a process
 * may have a hundred thousand.
 */
export interface SpaceLayout {
  /** Command name of the process; what kind of member it is. */
  title: string;
  /** First address behind the space: 2^64 for a process, the length for a member. */
  end: bigint;
  starts: BigUint64Array;
  /** First addresses behind each region. */
  ends: BigUint64Array;
  /** `[heap]`, a path, `anonymous`. Not sanitised. */
  names: readonly string[];
  /** `rw-p`; empty for a member. */
  permissions: readonly string[];
}

/**
 * A part of a region, as rows of a hex view. Bounds of pieces depend on the bytes and on the width
 * of rows alone, never on what was asked for: whoever scrolls back sees what he saw.
 */
export type Piece =
  /** Bytes to be shown row by row. */
  | { kind: "bytes"; start: bigint; end: bigint; bytes: Uint8Array }
  /** Whole rows that are all like `row`. */
  | { kind: "same"; start: bigint; end: bigint; row: Uint8Array }
  /** No bytes of this dump: never written (`zero`), or somewhere else. */
  | { kind: "absent"; start: bigint; end: bigint; origin: Exclude<Origin, "dumped"> };

/** Pieces without gaps. They may begin before and end behind what was asked for. */
export interface SpaceBytes {
  start: bigint;
  end: bigint;
  pieces: Piece[];
}

/** What is searched for. */
export interface SearchPattern {
  kind: "text" | "utf16" | "hex" | "regex";
  /** The text, pairs of hexadecimal digits, or the expression. */
  text: string;
}

/** Places that a search found since the part before; ascending. */
export interface SearchPart {
  starts: BigUint64Array;
  /** Bytes. */
  lengths: Uint32Array;
  /** Bytes looked at, and bytes there are. */
  searched: number;
  total: number;
  /** There are more, but these are as many as are listed. */
  limited: boolean;
}

/** Bytes as they are, wherever regions begin and end. */
export interface RawBytes {
  /** As many as were asked for; zero where none are known. */
  bytes: Uint8Array;
  /** How many are not known. */
  unknown: number;
}

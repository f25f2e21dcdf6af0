import { readSync } from "node:fs";
import { Kernel } from "../kernel/kernel.ts";
import type { Match, Matcher } from "../matcher.ts";

/** A part of an extent, in an open file. Offsets in bytes. */
export interface Piece {
  fd: number;
  /** Where the extent begins in the file, and its length. */
  offset: number;
  length: number;
  /** The part of the extent in which matches begin. */
  start: number;
  end: number;
}

/** Bytes that are read at a time: as many as a core's cache holds. */
const blockBytes = 1024 * 1024;

/** Scans pieces one by one, without waiting for anything but the disk. */
export class PieceScanner {
  readonly #matcher: Matcher;
  readonly #kernel: Kernel;

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
    this.#kernel = new Kernel(blockBytes + matcher.longest + matcher.lookBack);
  }

  /**
   * Matches that begin in [from, end) of the piece, offsets in its extent. Throws what the file
   * system says, and a RangeError where the file has become shorter.
   */
  scan(piece: Piece, from = piece.start): Match[] {
    const { longest, lookBack } = this.#matcher;
    const { window } = this.#kernel;
    const limit = Math.min(piece.length, piece.end + longest);
    const found: Match[] = [];
    let next = from;
    let start = Math.max(0, next - lookBack);
    let stop = start;
    while (next < piece.end) {
      const filled = stop - start;
      const count = Math.min(limit - stop, window.length - filled);
      readWhole(piece, stop, window.subarray(filled, filled + count));
      stop += count;
      // A match that begins behind this point could be longer than what is at hand.
      const safe = stop === limit ? piece.end : stop - longest;
      for (const match of this.#matches(stop - start, next - start)) {
        if (match.start + start >= safe) break;
        found.push({ start: match.start + start, end: match.end + start });
      }
      next = Math.max(next, safe, found.at(-1)?.end ?? 0);
      const kept = Math.max(start, Math.min(stop, next) - lookBack);
      window.copyWithin(0, kept - start, stop - start);
      start = kept;
    }
    return found;
  }

  #matches(length: number, from: number): Match[] {
    return this.#matcher.matches(this.#kernel.window.subarray(0, length), from, this.#kernel);
  }
}

function readWhole({ fd, offset }: Piece, from: number, target: Uint8Array): void {
  for (let at = 0; at < target.length; ) {
    const count = readSync(fd, target, at, target.length - at, offset + from + at);
    if (count === 0) throw new RangeError("the file became shorter");
    at += count;
  }
}

/** Matches of pieces for the way between threads: for each piece a count and its pairs. */
export function packMatches(pieces: readonly Piece[], matches: readonly Match[][]): Uint32Array {
  const packed = new Uint32Array(matches.reduce((sum, list) => sum + 1 + 2 * list.length, 0));
  let at = 0;
  for (const [index, list] of matches.entries()) {
    const base = pieces[index]?.start ?? 0;
    packed[at++] = list.length;
    for (const { start, end } of list) {
      packed[at++] = start - base;
      packed[at++] = end - base;
    }
  }
  return packed;
}

export function unpackMatches(pieces: readonly Piece[], packed: Uint32Array): Match[][] {
  let at = 0;
  return pieces.map(({ start: base }) => {
    const list: Match[] = [];
    for (let left = packed[at++] as number; left > 0; left--) {
      const start = base + (packed[at++] as number);
      list.push({ start, end: base + (packed[at++] as number) });
    }
    return list;
  });
}

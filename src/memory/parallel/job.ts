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

/** Matches of one job that are kept until their turn comes; an expression may match each byte. */
const mostMatches = 32 * 1024;

/** What a piece showed, and where to go on in it: at its end, unless there were too many. */
export interface Scanned {
  matches: Match[];
  next: number;
}

/** Scans pieces one by one, without waiting for anything but the disk. */
export class PieceScanner {
  readonly #matcher: Matcher;
  readonly #kernel: Kernel;

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
    this.#kernel = new Kernel(blockBytes + matcher.longest + matcher.lookBack);
  }

  /**
   * Matches that begin in [from, end) of the piece, offsets in its extent, and where to go on: at
   * the piece's end, or before it where there were `most` of them. Throws what the file system
   * says, and a RangeError where the file has become shorter.
   */
  scan(piece: Piece, from = piece.start, most = mostMatches): Scanned {
    const { longest, lookBack } = this.#matcher;
    const { window } = this.#kernel;
    const limit = Math.min(piece.length, piece.end + longest);
    const matches: Match[] = [];
    let next = from;
    let start = Math.max(0, next - lookBack);
    let stop = start;
    while (next < piece.end && matches.length < most) {
      const filled = stop - start;
      const count = Math.min(limit - stop, window.length - filled);
      readWhole(piece, stop, window.subarray(filled, filled + count));
      stop += count;
      // A match that begins behind this point could be longer than what is at hand.
      const safe = stop === limit ? piece.end : stop - longest;
      const wanted = most - matches.length;
      const found = this.#matches(stop - start, next - start, wanted);
      for (const match of found) {
        if (match.start + start >= safe) break;
        matches.push({ start: match.start + start, end: match.end + start });
      }
      next = Math.max(matches.length < most ? safe : next, matches.at(-1)?.end ?? 0);
      const kept = Math.max(start, Math.min(stop, next) - lookBack);
      window.copyWithin(0, kept - start, stop - start);
      start = kept;
    }
    return { matches, next };
  }

  /** Scans one piece after the other, until there are very many matches. */
  scanAll(pieces: readonly Piece[]): Scanned[] {
    let left = mostMatches;
    return pieces.map((piece) => {
      const scanned = this.scan(piece, piece.start, left);
      left -= scanned.matches.length;
      return scanned;
    });
  }

  #matches(length: number, from: number, most: number): Match[] {
    const window = this.#kernel.window.subarray(0, length);
    return this.#matcher.matches(window, from, this.#kernel, most);
  }
}

function readWhole({ fd, offset }: Piece, from: number, target: Uint8Array): void {
  for (let at = 0; at < target.length; ) {
    const count = readSync(fd, target, at, target.length - at, offset + from + at);
    if (count === 0) throw new RangeError("the file became shorter");
    at += count;
  }
}

/** What pieces showed, for the way between threads: for each where to go on, a count, its pairs. */
export function pack(scanned: readonly Scanned[]): Float64Array {
  const length = scanned.reduce((sum, { matches }) => sum + 2 + 2 * matches.length, 0);
  const packed = new Float64Array(length);
  let at = 0;
  for (const { matches, next } of scanned) {
    packed[at++] = next;
    packed[at++] = matches.length;
    for (const { start, end } of matches) {
      packed[at++] = start;
      packed[at++] = end;
    }
  }
  return packed;
}

export function unpack(packed: Float64Array): Scanned[] {
  const scanned: Scanned[] = [];
  for (let at = 0; at < packed.length; ) {
    const next = packed[at++] as number;
    const matches: Match[] = [];
    for (let left = packed[at++] as number; left > 0; left--) {
      matches.push({ start: packed[at++] as number, end: packed[at++] as number });
    }
    scanned.push({ matches, next });
  }
  return scanned;
}

import { concat, isZero } from "../../base/bytes.ts";
import type { Piece, SpaceBytes } from "../state/byte-space.ts";
import type { OpenSpace } from "./byte-space.ts";

/**
 * A run of equal rows is not followed beyond a multiple of this, so that a gigabyte of zeros does
 * not have to be read before one row of it is shown.
 */
const foldBlock = 16n * 1024n * 1024n;

/** Bytes that are read first, and at most, to see how far a run of equal rows goes. */
const firstLook = 4096;
const longestLook = 1024 * 1024;

/**
 * The pieces that show addresses [from, to) of one region, with rows of `width` bytes that begin
 * at multiples of it. Runs of equal rows are folded whole, so pieces may begin before and end
 * behind what was asked for.
 */
export async function piecesOf(
  space: OpenSpace,
  from: bigint,
  to: bigint,
  width: number,
): Promise<SpaceBytes> {
  const pieces: Piece[] = [];
  for (let at = from; at < to; at = pieces.at(-1)?.end ?? to) {
    const { start, end, origin } = space.extentAt(at);
    if (origin !== "dumped") {
      pieces.push({ kind: "absent", start, end, origin });
      continue;
    }
    const block = at - (at % foldBlock);
    const stretch = new Stretch(
      space,
      start > block ? start : block,
      end < block + foldBlock ? end : block + foldBlock,
      BigInt(width),
    );
    pieces.push(...(await stretch.pieces(at, to)));
  }
  return { start: pieces[0]?.start ?? from, end: pieces.at(-1)?.end ?? to, pieces };
}

/** Rows that are alike, one after the other. */
interface Run {
  start: bigint;
  end: bigint;
  row: Uint8Array;
}

/** Bytes that lie side by side, in which runs of equal rows are found. */
class Stretch {
  readonly #space: OpenSpace;
  readonly #start: bigint;
  readonly #end: bigint;
  readonly #width: bigint;

  constructor(space: OpenSpace, start: bigint, end: bigint, width: bigint) {
    this.#space = space;
    this.#start = start;
    this.#end = end;
    this.#width = width;
  }

  async pieces(from: bigint, to: bigint): Promise<Piece[]> {
    const first = this.#rowStart(from);
    const stop = this.#rowEnd((to < this.#end ? to : this.#end) - 1n);
    const runs = this.#runs(first, await this.#space.read(first, stop));
    const [head] = runs;
    const tail = runs.at(-1);
    if (head !== undefined) head.start = await this.#runStart(head);
    if (tail !== undefined) tail.end = await this.#runEnd(tail);
    return folded(runs, this.#width);
  }

  /** The row that holds an address; rows at both ends may be shorter. */
  #rowStart(address: bigint): bigint {
    const start = address - (address % this.#width);
    return start > this.#start ? start : this.#start;
  }

  #rowEnd(address: bigint): bigint {
    const end = address - (address % this.#width) + this.#width;
    return end < this.#end ? end : this.#end;
  }

  #runs(first: bigint, bytes: Uint8Array): Run[] {
    const runs: Run[] = [];
    const stop = first + BigInt(bytes.length);
    for (let start = first; start < stop; ) {
      const end = this.#rowEnd(start);
      const row = bytes.subarray(Number(start - first), Number(end - first));
      const last = runs.at(-1);
      // Rows that are cut short are like no other.
      const whole = row.length === Number(this.#width);
      if (whole && last !== undefined && Buffer.compare(last.row, row) === 0) last.end = end;
      else runs.push({ start, end, row });
      start = end;
    }
    return runs;
  }

  async #runStart({ start, row }: Run): Promise<bigint> {
    if (row.length < Number(this.#width)) return start;
    const least = this.#start + ((this.#width - (this.#start % this.#width)) % this.#width);
    let at = start;
    for (let look = firstLook; at > least; look = Math.min(look * 4, longestLook)) {
      const from = at - BigInt(look) > least ? at - BigInt(look) : least;
      const equal = equalRows(await this.#space.read(from, at), row, "last");
      const found = at - BigInt(equal * row.length);
      at = found;
      if (found > from) break;
    }
    return at;
  }

  async #runEnd({ end, row }: Run): Promise<bigint> {
    if (row.length < Number(this.#width)) return end;
    const most = this.#end - (this.#end % this.#width);
    let at = end;
    for (let look = firstLook; at < most; look = Math.min(look * 4, longestLook)) {
      const to = at + BigInt(look) < most ? at + BigInt(look) : most;
      const equal = equalRows(await this.#space.read(at, to), row, "first");
      at += BigInt(equal * row.length);
      if (at < to) break;
    }
    return at;
  }
}

/** How many whole rows at one end of the bytes are like a row. */
function equalRows(bytes: Uint8Array, row: Uint8Array, end: "first" | "last"): number {
  const width = row.length;
  const count = bytes.length / width;
  const at = (place: number): Uint8Array => {
    const index = end === "first" ? place : count - 1 - place;
    return bytes.subarray(index * width, (index + 1) * width);
  };
  // Bytes that are the same when they are moved by a row are rows that are all alike.
  const shifted = Buffer.compare(bytes.subarray(width), bytes.subarray(0, -width)) === 0;
  if (shifted && Buffer.compare(at(0), row) === 0) return count;
  let equal = 0;
  while (equal < count && Buffer.compare(at(equal), row) === 0) equal += 1;
  return equal;
}

/**
 * Two rows of zero, or three of anything else, are folded; of the latter one is shown. Bytes are
 * copied: what is a view of a window would cross to another thread with all of it.
 */
function folded(runs: readonly Run[], width: bigint): Piece[] {
  const pieces: Piece[] = [];
  let start: bigint | undefined;
  let rows: Uint8Array[] = [];
  const show = (address: bigint, row: Uint8Array): void => {
    start ??= address;
    rows.push(row);
  };
  const close = (end: bigint): void => {
    if (start !== undefined)
      pieces.push({ kind: "bytes", start, end, bytes: new Uint8Array(concat(rows)) });
    start = undefined;
    rows = [];
  };
  for (const run of runs) {
    const count = (run.end - run.start) / width;
    const shown = count < 2n ? run.end : isZero(run.row) ? run.start : foldsAt(run, count, width);
    for (let at = run.start; at < shown; at += width) show(at, run.row);
    if (shown === run.end) continue;
    close(shown);
    pieces.push({ kind: "same", start: shown, end: run.end, row: new Uint8Array(run.row) });
  }
  close(runs.at(-1)?.end ?? 0n);
  return pieces;
}

function foldsAt({ start, end }: Run, count: bigint, width: bigint): bigint {
  return count < 3n ? end : start + width;
}

import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";

/** A run of real bytes in a sparse file; everything between runs is zero. */
export interface SparseSegment {
  /** Offset in the file as the container saw it. */
  offset: number;
  /** Length in bytes. */
  length: number;
}

const zeroChunk = 256 * 1024;

/** Checks order, overlap and total of a sparse map before anything is read through it. */
export function checkSegments(
  segments: readonly SparseSegment[],
  realSize: number,
  storedSize: number,
): void {
  let end = 0;
  let stored = 0;
  for (const { offset, length } of segments) {
    if (offset < end || offset + length > realSize) {
      throw new ArchiveError({
        what: "a segment of a sparse file overlaps another or lies outside the file",
        found: `segment at ${formatCount(offset)} of ${formatCount(length)} bytes`,
        allowed: `from ${formatCount(end)} to ${formatCount(realSize)}`,
      });
    }
    end = offset + length;
    stored += length;
  }
  if (stored !== storedSize) {
    throw new ArchiveError({
      what: "the segments of a sparse file do not add up to the bytes stored for it",
      found: `${formatCount(stored)} bytes in segments`,
      allowed: `${formatCount(storedSize)} bytes`,
    });
  }
}

/** A sparse file read as the container saw it: holes are zero and cost nothing to store. */
export class SparseSource implements ByteSource {
  readonly size: number;
  readonly #stored: ByteSource;
  readonly #segments: readonly SparseSegment[];
  /** Where each segment's bytes begin in the stored data. */
  readonly #starts: number[] = [];

  /** `segments` must have passed `checkSegments`. */
  constructor(stored: ByteSource, segments: readonly SparseSegment[], realSize: number) {
    this.size = realSize;
    this.#stored = stored;
    this.#segments = segments;
    let start = 0;
    for (const segment of segments) {
      this.#starts.push(start);
      start += segment.length;
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const result = new Uint8Array(Math.max(0, end - offset));
    for (let at = this.#firstEndingAfter(offset); at < this.#segments.length; at++) {
      const segment = this.#segments[at] as SparseSegment;
      if (segment.offset >= end) break;
      const from = Math.max(offset, segment.offset);
      const to = Math.min(end, segment.offset + segment.length);
      const start = (this.#starts[at] as number) + (from - segment.offset);
      result.set(await this.#stored.read(start, to - from), from - offset);
    }
    return result;
  }

  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    for (let at = offset; at < end; at += zeroChunk) {
      yield await this.read(at, Math.min(zeroChunk, end - at));
    }
  }

  async *stored(): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
    for (const [index, { offset, length }] of this.#segments.entries()) {
      let at = offset;
      for await (const bytes of this.#stored.stream(this.#starts[index], length)) {
        yield { at, bytes };
        at += bytes.length;
      }
    }
  }

  #firstEndingAfter(offset: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = this.#segments[middle] as SparseSegment;
      if (segment.offset + segment.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

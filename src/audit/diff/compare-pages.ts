import type { ByteSource } from "../../base/byte-source.ts";
import type { PageCounts } from "./page-counts.ts";
import { type Overlap, overlaps, type Stretch } from "./page-stretches.ts";
import { PageWindows } from "./page-window.ts";
import type { Side } from "./pairing.ts";

/** Counts how pages go together; compares their bytes where it was made to. */
export class PageComparer {
  readonly #windows: PageWindows | undefined;
  readonly #later: Side | null;
  readonly #progress: ((bytes: number) => void) | undefined;

  /**
   * @param later which side left pages in the other one
   * @param progress told of bytes that were compared, of both sides together
   */
  constructor(compare: boolean, later: Side | null, progress?: (bytes: number) => void) {
    this.#windows = compare ? new PageWindows() : undefined;
    this.#later = later;
    this.#progress = progress;
  }

  get compares(): boolean {
    return this.#windows !== undefined;
  }

  /**
   * Adds to `counts`, up to where something cannot be read.
   * @param shift what has to be added to an address of the first to find it in the second
   * @throws ArchiveError when a page image cannot be read
   */
  async count(
    before: Iterator<Stretch>,
    after: Iterator<Stretch>,
    shift: bigint,
    pageSize: number,
    counts: PageCounts,
  ): Promise<void> {
    for (const overlap of overlaps(before, after, shift)) {
      const pair = this.#countWithoutBytes(overlap, pageSize, counts);
      if (pair === undefined || this.#windows === undefined) continue;
      // A million runs of one page each lie in a few windows: only those are waited for.
      for (let at = 0; at < pair.length; ) {
        const bytes = this.#compare(this.#windows, pair, at, pageSize, counts);
        if (bytes === 0) await load(this.#windows, pair, at);
        at += bytes;
      }
    }
  }

  /** Counts pages of which page tables say enough; else returns what has to be compared. */
  #countWithoutBytes(overlap: Overlap, pageSize: number, counts: PageCounts): Pair | undefined {
    const [one, two] = [placeOf(overlap.before), placeOf(overlap.after)];
    const pages = Math.ceil(overlap.length / pageSize);
    if (this.#wasLeft(overlap)) counts.same += pages;
    else if (one === undefined || two === undefined) countOne(counts, overlap, pages);
    else if (one.pages === two.pages && one.offset === two.offset) counts.same += pages;
    else if (this.#windows === undefined) counts.uncompared += pages;
    else return { one, two, length: overlap.length };
    return undefined;
  }

  async close(): Promise<void> {
    await this.#windows?.close();
  }

  /** What a dump left in the other one is the same there, whether or not it is at hand. */
  #wasLeft({ before, after }: Overlap): boolean {
    if (before === undefined || after === undefined || this.#later === null) return false;
    return (this.#later === "after" ? after : before).left;
  }

  /** Compares what is in the windows from `at` on: how many bytes that were, 0 for none. */
  #compare(
    windows: PageWindows,
    { one, two, length }: Pair,
    at: number,
    pageSize: number,
    counts: PageCounts,
  ): number {
    const before = windows.at(one.pages, one.offset + at, length - at);
    if (before === undefined) return 0;
    const after = windows.at(two.pages, two.offset + at, before.length);
    if (after === undefined) return 0;
    compareBytes(before.subarray(0, after.length), after, pageSize, counts);
    this.#progress?.(after.length * 2);
    return after.length;
  }
}

/** Reads the windows that hold byte `at` of a pair and are not there yet. */
async function load(windows: PageWindows, { one, two }: Pair, at: number): Promise<void> {
  for (const { pages, offset } of [one, two]) {
    if (windows.at(pages, offset + at, 1) === undefined) await windows.load(pages, offset + at);
  }
}

/** Pages that both sides have. */
interface Pair {
  one: Place;
  two: Place;
  length: number;
}

interface Place {
  pages: ByteSource;
  offset: number;
}

function placeOf(stretch: Stretch | undefined): Place | undefined {
  const pages = stretch?.store?.pages;
  return pages === undefined ? undefined : { pages, offset: stretch?.offset ?? 0 };
}

/** Pages that one side alone has, or that are not at hand. */
function countOne(counts: PageCounts, { before, after }: Overlap, pages: number): void {
  if (before === undefined && after?.store !== undefined) counts.added += pages;
  else if (after === undefined && before?.store !== undefined) counts.removed += pages;
  else counts.unavailable += pages;
}

/** Compares two runs of pages of one length. */
function compareBytes(
  before: Uint8Array,
  after: Uint8Array,
  pageSize: number,
  counts: PageCounts,
): void {
  const one = buffer(before);
  const two = buffer(after);
  const pages = Math.ceil(one.length / pageSize);
  // Most runs did not change, and the system compares a megabyte faster than it is read.
  if (one.equals(two)) {
    counts.same += pages;
    return;
  }
  for (let page = 0; page < pages; page++) {
    const start = page * pageSize;
    const end = Math.min(start + pageSize, one.length);
    if (one.compare(two, start, end, start, end) === 0) counts.same += 1;
    else {
      const bytes = differentBytes(before.subarray(start, end), after.subarray(start, end));
      counts.changed = (counts.changed ?? 0) + 1;
      counts.changedBytes = (counts.changedBytes ?? 0) + bytes;
    }
  }
}

function buffer({ buffer: memory, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(memory, byteOffset, byteLength);
}

/** How many bytes differ: four at a time, because a page may differ in all of them. */
function differentBytes(one: Uint8Array, two: Uint8Array): number {
  const [a, b] = [words(one), words(two)];
  let count = 0;
  for (let at = 0; at < a.length; at++) {
    const different = (a[at] as number) ^ (b[at] as number);
    if (different === 0) continue;
    // The top bit of each byte that is not zero, and then their sum in the top byte.
    const tops = (((different & 0x7f7f7f7f) + 0x7f7f7f7f) | different) & 0x80808080;
    count += Math.imul(tops >>> 7, 0x01010101) >>> 24;
  }
  for (let at = a.length * 4; at < one.length; at++) if (one[at] !== two[at]) count += 1;
  return count;
}

function words(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}

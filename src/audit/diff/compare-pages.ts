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
      const [one, two] = [placeOf(overlap.before), placeOf(overlap.after)];
      const pages = Math.ceil(overlap.length / pageSize);
      if (this.#wasLeft(overlap)) counts.same += pages;
      else if (one === undefined || two === undefined) countOne(counts, overlap, pages);
      else if (one.pages === two.pages && one.offset === two.offset) counts.same += pages;
      else if (this.#windows === undefined) counts.uncompared += pages;
      else await this.#compare(this.#windows, one, two, overlap.length, pageSize, counts);
    }
  }

  async close(): Promise<void> {
    await this.#windows?.close();
  }

  /** What a dump left in the other one is the same there, whether or not it is at hand. */
  #wasLeft({ before, after }: Overlap): boolean {
    if (before === undefined || after === undefined || this.#later === null) return false;
    return (this.#later === "after" ? after : before).left;
  }

  async #compare(
    windows: PageWindows,
    before: Place,
    after: Place,
    length: number,
    pageSize: number,
    counts: PageCounts,
  ): Promise<void> {
    for (let done = 0; done < length; ) {
      const rest = length - done;
      const one = windows.at(before.pages, before.offset + done, rest);
      if (one === undefined) {
        await windows.load(before.pages, before.offset + done);
        continue;
      }
      const two = windows.at(after.pages, after.offset + done, one.length);
      if (two === undefined) {
        await windows.load(after.pages, after.offset + done);
        continue;
      }
      compareBytes(one.subarray(0, two.length), two, pageSize, counts);
      done += two.length;
      this.#progress?.(two.length * 2);
    }
  }
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
export function compareBytes(
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

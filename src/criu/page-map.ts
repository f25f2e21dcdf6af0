import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { hex, safeNumber } from "../base/u64.ts";
import { formatCount } from "../base/units.ts";
import { decodeMessage } from "./decode.ts";
import { openImage } from "./image.ts";
import { decodeRun, type RunEntry } from "./page-run.ts";

/** Where the content of a run of pages is (`include/pagemap.h`: PE_PARENT, PE_LAZY, PE_PRESENT). */
export const pageInParent = 1;
export const pageLazy = 2;
export const pagePresent = 4;

/** One run of a page table. */
export interface PageRun {
  /** First address, a multiple of the page size. */
  start: bigint;
  pages: number;
  /** `pageInParent`, `pageLazy`, `pagePresent` joined. */
  flags: number;
  /** Number of the run's first page in the page image; -1 where it is not in this dump. */
  firstPage: number;
}

/** What of a run lies between two addresses. Addresses and offset in bytes. */
interface PagePart {
  start: bigint;
  end: bigint;
  /** Where it begins in the page image; undefined where it is not in this dump. */
  offset: number | undefined;
  /** Was it left in the dump before this one? */
  left: boolean;
}

/**
 * The page table of one process or shared memory segment: which pages were dumped, and where in
 * the page image they are. Columns, because a large database has a million runs.
 */
export class PageMap {
  /** Number in the name of the page image, `pages-ID.img`. */
  readonly pagesId: number;
  #starts = new BigUint64Array(256);
  #pages = new Float64Array(256);
  #firsts = new Float64Array(256);
  #flags = new Uint8Array(256);
  #length = 0;
  /** Pages in the page image, in a parent dump, and left behind for lazy restore. */
  presentPages = 0;
  parentPages = 0;
  lazyPages = 0;

  constructor(pagesId: number) {
    this.pagesId = pagesId;
  }

  get length(): number {
    return this.#length;
  }

  run(index: number): PageRun {
    return {
      start: this.#starts[index] ?? 0n,
      pages: this.#pages[index] ?? 0,
      flags: this.#flags[index] ?? 0,
      firstPage: this.#firsts[index] ?? -1,
    };
  }

  /** The run that begins at or before an address, or undefined. */
  runAt(address: bigint): PageRun | undefined {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as bigint) <= address) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : this.run(low - 1);
  }

  /** Index of the first run that ends behind an address; `length` where none does. */
  indexEndingAfter(address: bigint, pageSize: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { start, pages } = this.run(middle);
      if (start + BigInt(pages) * BigInt(pageSize) <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The parts of runs that lie in [start, end), in order. */
  *within(start: bigint, end: bigint, pageSize: number): Generator<PagePart> {
    for (let at = this.indexEndingAfter(start, pageSize); at < this.#length; at++) {
      const run = this.run(at);
      if (run.start >= end) return;
      const from = run.start < start ? start : run.start;
      const runEnd = run.start + BigInt(run.pages) * BigInt(pageSize);
      const present = (run.flags & pagePresent) !== 0;
      yield {
        start: from,
        end: runEnd < end ? runEnd : end,
        offset: present ? run.firstPage * pageSize + Number(from - run.start) : undefined,
        left: !present && (run.flags & pageInParent) !== 0,
      };
    }
  }

  add(start: bigint, pages: number, flags: number): void {
    if (this.#length === this.#starts.length) this.#grow();
    const present = (flags & pagePresent) !== 0;
    this.#starts[this.#length] = start;
    this.#pages[this.#length] = pages;
    this.#flags[this.#length] = flags;
    this.#firsts[this.#length] = present ? this.presentPages : -1;
    this.#length += 1;
    if (present) this.presentPages += pages;
    else if ((flags & pageInParent) !== 0) this.parentPages += pages;
    else this.lazyPages += pages;
  }

  #grow(): void {
    const size = this.#starts.length * 2;
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#starts = grown(new BigUint64Array(size), this.#starts);
    this.#pages = grown(new Float64Array(size), this.#pages);
    this.#firsts = grown(new Float64Array(size), this.#firsts);
    this.#flags = grown(new Uint8Array(size), this.#flags);
  }
}

/**
 * Reads a page table. Runs must ascend and must not overlap, as CRIU's own reader demands.
 * @param pageSize in bytes, to know where a run ends.
 */
export async function readPageMap(source: ByteSource, pageSize: number): Promise<PageMap> {
  const image = await openImage(source);
  if (image.type.name !== "PAGEMAP") {
    throw new ArchiveError({
      what: "an image is of another type than its name says",
      where: { offset: 0 },
      found: image.type.name,
      allowed: "PAGEMAP",
    });
  }
  let map: PageMap | undefined;
  let end = 0n;
  for await (const batch of image.frames()) {
    for (const frame of batch) {
      try {
        if (map === undefined) {
          map = new PageMap(decodeMessage("pagemap_head", frame.bytes).pages_id);
          continue;
        }
        end = addRun(map, decodeRun(frame.bytes), end, pageSize);
      } catch (error) {
        const place = { entry: frame.index, offset: frame.offset };
        throw error instanceof ArchiveError ? error.at(place) : error;
      }
    }
  }
  if (map !== undefined) return map;
  throw new ArchiveError({
    what: "a page table is empty",
    found: "no entry",
    allowed: "a head that names its page image",
  });
}

function addRun(map: PageMap, entry: RunEntry, previousEnd: bigint, pageSize: number): bigint {
  const pages = runLength(entry);
  const end = entry.vaddr + BigInt(pages) * BigInt(pageSize);
  if (entry.vaddr < previousEnd || end > 1n << 64n) {
    throw new ArchiveError({
      what: "runs of a page table overlap or are out of order",
      found: `run at ${hex(entry.vaddr)} of ${formatCount(pages)} pages`,
      allowed: `addresses from ${hex(previousEnd)} to the end of the address space`,
    });
  }
  if (map.length >= limits.pageRuns) {
    throw new ArchiveError({
      what: "a page table has too many runs",
      found: `more than ${formatCount(limits.pageRuns)}`,
      allowed: formatCount(limits.pageRuns),
    });
  }
  map.add(entry.vaddr, pages, runFlags(entry));
  return end;
}

/** CRIU 4.2 counts in `nr_pages` (u64) and leaves the older u32 field zero. */
function runLength(entry: RunEntry): number {
  const pages = safeNumber(entry.nr_pages ?? BigInt(entry.compat_nr_pages));
  if (pages !== undefined && pages > 0) return pages;
  throw new ArchiveError({
    what: "a run of a page table has no usable length",
    found: `${entry.nr_pages ?? entry.compat_nr_pages} pages`,
    allowed: "1 to 2^53 - 1 pages",
  });
}

/** Tables older than CRIU 2.6 have no flags: a page is here, or `in_parent`. */
function runFlags(entry: RunEntry): number {
  if (entry.flags !== undefined) return entry.flags & 7;
  return entry.in_parent === true ? pageInParent : pagePresent;
}

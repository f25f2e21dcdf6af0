import { type PageRun, pageInParent, pagePresent } from "../page-map.ts";
import type { Mapping } from "./mapping.ts";
import type { PageStore } from "./page-store.ts";

/** Where the bytes of a run of addresses are. */
export type Origin =
  /** In a page image of this dump. */
  | "dumped"
  /** Never written: zero. */
  | "zero"
  /** In a file of the container, unchanged; the dump does not hold it. */
  | "file"
  /** In a parent dump that is not at hand. */
  | "parent"
  /** Left behind for lazy restore. */
  | "lazy"
  /** Made by the kernel; not dumped. */
  | "kernel"
  /** Should be in an image that is missing or too short, or in a parent dump that has no such page. */
  | "missing"
  /** No mapping there. */
  | "unmapped";

/** A run of addresses whose bytes are at one place. */
export interface Segment {
  address: bigint;
  /** Bytes. */
  length: number;
  origin: Origin;
  /** For `dumped`: the store, and the offset of the first byte in its image. */
  store?: PageStore;
  offset?: number;
}

export interface MemoryRead {
  /** As long as was asked for; zero where no bytes are known. */
  bytes: Uint8Array;
  /** Parts whose bytes are not known. */
  gaps: Segment[];
}

/** The whole address space of one process, read through its mappings. */
export class ProcessMemory {
  readonly pid: number;
  readonly mappings: readonly Mapping[];
  readonly pageSize: number;
  /** Pages that belong to this process alone. */
  readonly own: PageStore | undefined;
  readonly #shared: ReadonlyMap<number, PageStore>;

  constructor(parts: {
    pid: number;
    /** In ascending order, not overlapping. */
    mappings: readonly Mapping[];
    pageSize: number;
    own: PageStore | undefined;
    shared: ReadonlyMap<number, PageStore>;
  }) {
    this.pid = parts.pid;
    this.mappings = parts.mappings;
    this.pageSize = parts.pageSize;
    this.own = parts.own;
    this.#shared = parts.shared;
  }

  /** The mapping that holds an address. */
  mappingAt(address: bigint): Mapping | undefined {
    const index = this.#firstEndingAfter(address);
    const mapping = this.mappings[index];
    return mapping !== undefined && mapping.start <= address ? mapping : undefined;
  }

  /** Where the bytes [start, end) are, in order and without holes. */
  *segments(start: bigint, end: bigint): Generator<Segment> {
    let next = start;
    for (let at = this.#firstEndingAfter(start); at < this.mappings.length; at++) {
      const mapping = this.mappings[at] as Mapping;
      if (mapping.start >= end) break;
      if (mapping.start > next) {
        yield { address: next, length: Number(mapping.start - next), origin: "unmapped" };
        next = mapping.start;
      }
      const to = mapping.end < end ? mapping.end : end;
      yield* this.#inMapping(mapping, next, to);
      next = to;
    }
    if (next < end) yield { address: next, length: Number(end - next), origin: "unmapped" };
  }

  /** Bytes [address, address + length), with what is not known listed beside them. */
  async read(address: bigint, length: number): Promise<MemoryRead> {
    const bytes = new Uint8Array(length);
    const gaps: Segment[] = [];
    for (const segment of this.segments(address, address + BigInt(length))) {
      if (segment.origin === "zero") continue;
      const at = Number(segment.address - address);
      const pages = segment.store?.pages;
      if (segment.origin !== "dumped" || pages === undefined) gaps.push(segment);
      else bytes.set(await pages.read(segment.offset ?? 0, segment.length), at);
    }
    return { bytes, gaps };
  }

  *#inMapping(mapping: Mapping, start: bigint, end: bigint): Generator<Segment> {
    if (mapping.backing === "kernel") {
      yield { address: start, length: Number(end - start), origin: "kernel" };
      return;
    }
    if (mapping.backing === "shared") {
      yield* this.#inShared(mapping, start, end);
      return;
    }
    for (const segment of this.#inStore(this.own, start, end, 0n)) {
      // Own pages come first; what the process never changed is behind them.
      if (segment.origin !== "zero" || mapping.backing === "private") yield segment;
      else yield* this.#behind(mapping, segment);
    }
  }

  /** What a private mapping of a file shows where the process wrote nothing. */
  *#behind(mapping: Mapping, { address, length }: Segment): Generator<Segment> {
    if (mapping.shmid === undefined) yield { address, length, origin: "file" };
    else yield* this.#inShared(mapping, address, address + BigInt(length));
  }

  *#inShared(mapping: Mapping, start: bigint, end: bigint): Generator<Segment> {
    const store = mapping.shmid === undefined ? undefined : this.#shared.get(mapping.shmid);
    if (store === undefined) {
      const origin = mapping.backing === "shared" ? "missing" : "file";
      yield { address: start, length: Number(end - start), origin };
      return;
    }
    // The table of shared memory counts from its own start.
    yield* this.#inStore(store, start, end, mapping.start - mapping.offset);
  }

  /** @param base what has to be taken from an address to find it in the table. */
  *#inStore(
    store: PageStore | undefined,
    start: bigint,
    end: bigint,
    base: bigint,
  ): Generator<Segment> {
    let next = start;
    const map = store?.map;
    for (
      let at = map?.indexEndingAfter(start - base, this.pageSize) ?? 0;
      map && at < map.length;
      at++
    ) {
      const run = map.run(at);
      const runStart = run.start + base;
      if (runStart >= end) break;
      if (runStart > next) {
        yield { address: next, length: Number(runStart - next), origin: "zero" };
        next = runStart;
      }
      const runEnd = runStart + BigInt(run.pages) * BigInt(this.pageSize);
      const to = runEnd < end ? runEnd : end;
      yield* this.#inRun(store as PageStore, run, { start: next, end: to, base });
      next = to;
    }
    if (next < end) yield { address: next, length: Number(end - next), origin: "zero" };
  }

  *#inRun(
    store: PageStore,
    run: PageRun,
    { start, end, base }: { start: bigint; end: bigint; base: bigint },
  ): Generator<Segment> {
    const length = Number(end - start);
    if ((run.flags & pagePresent) === 0) {
      const inParent = (run.flags & pageInParent) !== 0;
      if (!inParent || store.parent === undefined) {
        yield { address: start, length, origin: inParent ? "parent" : "lazy" };
        return;
      }
      // The page was there when this dump left it there, so a hole is no zero page.
      for (const segment of this.#inStore(store.parent, start, end, base)) {
        yield segment.origin === "zero" ? { ...segment, origin: "missing" } : segment;
      }
      return;
    }
    const offset = run.firstPage * this.pageSize + Number(start - base - run.start);
    const there = Math.max(0, Math.min(length, (store.pages?.size ?? 0) - offset));
    if (there > 0) yield { address: start, length: there, origin: "dumped", store, offset };
    if (there < length) {
      yield { address: start + BigInt(there), length: length - there, origin: "missing" };
    }
  }

  #firstEndingAfter(address: bigint): number {
    let low = 0;
    let high = this.mappings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.mappings[middle] as Mapping).end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

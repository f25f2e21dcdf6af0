import type { PageStore } from "../../criu/memory/page-store.ts";

/** A run of pages that a page table knows of, and where their bytes are. Addresses in bytes. */
export interface Stretch {
  start: bigint;
  end: bigint;
  /** Where the bytes are; undefined where they are not at hand. */
  store: PageStore | undefined;
  /** Offset of the first byte in the store's page image. */
  offset: number;
  /** Did the dump leave it in the one before, because nobody had written to it since? */
  left: boolean;
}

/**
 * What a page table knows of [start, end), in order: pages that were left in the dump before are
 * looked up there, as far as it was given.
 */
export function* stretches(
  store: PageStore,
  pageSize: number,
  start: bigint,
  end: bigint,
): Generator<Stretch> {
  for (const part of store.map.within(start, end, pageSize)) {
    const { offset, left } = part;
    const nowhere = { start: part.start, end: part.end, store: undefined, offset: 0, left };
    if (offset !== undefined) yield* dumped(store, pageSize, { ...nowhere, store, offset });
    else if (!left || store.parent === undefined) yield nowhere;
    else yield* whole(stretches(store.parent, pageSize, part.start, part.end), nowhere);
  }
}

/** A page image may end before its table does; of a page that is cut nothing counts. */
function* dumped({ pages }: PageStore, pageSize: number, stretch: Stretch): Generator<Stretch> {
  const there = Math.floor(Math.max(0, (pages?.size ?? 0) - stretch.offset) / pageSize);
  const end = stretch.start + BigInt(there) * BigInt(pageSize);
  if (end >= stretch.end) {
    yield stretch;
    return;
  }
  if (end > stretch.start) yield { ...stretch, end };
  yield { ...stretch, start: end, store: undefined };
}

/** Fills holes: a page that was left in the dump before has to be there. */
function* whole(parts: Iterable<Stretch>, hole: Stretch): Generator<Stretch> {
  let next = hole.start;
  for (const part of parts) {
    if (part.start > next) yield { ...hole, start: next, end: part.start };
    yield { ...part, left: true };
    next = part.end;
  }
  if (next < hole.end) yield { ...hole, start: next };
}

/** Addresses that one side or both know of. */
export interface Overlap {
  /** Bytes. */
  length: number;
  before: Stretch | undefined;
  after: Stretch | undefined;
}

/**
 * Walks two page tables side by side.
 * @param shift what has to be added to an address of the first to find it in the second
 */
export function* overlaps(
  before: Iterator<Stretch>,
  after: Iterator<Stretch>,
  shift: bigint,
): Generator<Overlap> {
  const one = new Cursor(before, shift);
  const two = new Cursor(after, 0n);
  for (;;) {
    const from = least(one.current?.start, two.current?.start);
    if (from === undefined) return;
    const end = least(one.edge(from), two.edge(from)) as bigint;
    yield { length: Number(end - from), before: one.take(from, end), after: two.take(from, end) };
  }
}

function least(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined) return b;
  return b === undefined || a < b ? a : b;
}

/** The rest of the stretch that a walk stands in. */
class Cursor {
  readonly #from: Iterator<Stretch>;
  readonly #shift: bigint;
  current: Stretch | undefined;

  constructor(from: Iterator<Stretch>, shift: bigint) {
    this.#from = from;
    this.#shift = shift;
    this.#next();
  }

  /** The next address behind `from` at which something begins or ends. */
  edge(from: bigint): bigint | undefined {
    return this.current?.start === from ? this.current.end : this.current?.start;
  }

  /** What begins at `from`, up to `end`, which is left behind. */
  take(from: bigint, end: bigint): Stretch | undefined {
    const { current } = this;
    if (current?.start !== from) return undefined;
    if (end >= current.end) this.#next();
    else {
      const offset = current.offset + Number(end - from);
      this.current = { ...current, start: end, offset };
    }
    return current;
  }

  #next(): void {
    const next = this.#from.next();
    if (next.done === true) this.current = undefined;
    else if (this.#shift === 0n) this.current = next.value;
    else {
      const { start, end } = next.value;
      this.current = { ...next.value, start: start + this.#shift, end: end + this.#shift };
    }
  }
}

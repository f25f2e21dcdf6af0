import type { Mapping } from "../criu/memory/mapping.ts";
import type { PageStore } from "../criu/memory/page-store.ts";
import type { ProcessMemory } from "../criu/memory/process-memory.ts";
import type { DumpMemory } from "../criu/memory/read-memory.ts";

/**
 * A run of dumped bytes, of this dump or of one before it, that lie side by side both in memory and
 * in a page image: what a search may read in one go. Offsets and lengths in bytes.
 */
export interface Extent {
  store: PageStore;
  /** Address of the first byte; for shared memory, its place in the shared memory. */
  start: bigint;
  /** Offset in the page image. */
  offset: number;
  length: number;
  /** How many dumps before this one they were dumped: 0 in this one. */
  parent: number;
  /** Every process that maps the store: one for private pages. */
  owners: readonly Owner[];
}

/** A process that maps a store. */
interface Owner {
  memory: ProcessMemory;
  /** For shared memory, the mappings of it; undefined where addresses are the store's own. */
  mappings: readonly Mapping[] | undefined;
}

/** Where a process sees a byte. */
export interface Sight {
  pid: number;
  address: bigint;
  mapping: Mapping | undefined;
}

/** All dumped memory, each page once: private pages process by process, then what is shared. */
export function* extents(memory: DumpMemory, pids?: ReadonlySet<number>): Generator<Extent> {
  const chosen = [...memory.processes.values()].filter(({ pid }) => pids?.has(pid) ?? true);
  for (const process of chosen) {
    const store = process.own;
    if (store !== undefined) {
      yield* inStore(store, process.pageSize, [{ memory: process, mappings: undefined }]);
    }
  }
  for (const [shmid, store] of memory.shared) {
    const owners = chosen.flatMap((process): Owner[] => {
      const mappings = process.mappings.filter((mapping) => mapping.shmid === shmid);
      return mappings.length === 0 ? [] : [{ memory: process, mappings }];
    });
    // Shared memory that nobody maps (a memfd held open) belongs to the whole container.
    if (owners.length === 0 && pids !== undefined) continue;
    yield* inStore(store, chosen[0]?.pageSize ?? 4096, owners);
  }
}

function* inStore(store: PageStore, pageSize: number, owners: readonly Owner[]): Generator<Extent> {
  let current: Extent | undefined;
  for (const piece of pieces(store, pageSize, 0n, 1n << 64n, 0)) {
    if (current !== undefined && continues(current, piece)) {
      current.length += piece.length;
      continue;
    }
    if (current !== undefined) yield current;
    current = { ...piece, owners };
  }
  if (current !== undefined) yield current;
}

type Piece = Omit<Extent, "owners">;

function continues(extent: Extent, { store, start, offset }: Piece): boolean {
  return (
    store === extent.store &&
    start === extent.start + BigInt(extent.length) &&
    offset === extent.offset + extent.length
  );
}

/** What was dumped of [start, end), in order, pages that were left in a parent dump included. */
function* pieces(
  store: PageStore,
  pageSize: number,
  start: bigint,
  end: bigint,
  parent: number,
): Generator<Piece> {
  const size = store.pages?.size ?? 0;
  for (const part of store.map.within(start, end, pageSize)) {
    if (part.offset !== undefined) {
      const length = Math.min(Number(part.end - part.start), size - part.offset);
      if (length > 0) yield { store, start: part.start, offset: part.offset, length, parent };
    } else if (part.left && store.parent !== undefined) {
      yield* pieces(store.parent, pageSize, part.start, part.end, parent + 1);
    }
  }
}

/** Everyone who sees the byte at `inside` of an extent. */
export function sights(extent: Extent, inside: number): Sight[] {
  const place = extent.start + BigInt(inside);
  return extent.owners.flatMap(({ memory, mappings }): Sight[] => {
    if (mappings === undefined) {
      return [{ pid: memory.pid, address: place, mapping: memory.mappingAt(place) }];
    }
    return mappings.flatMap((mapping): Sight[] => {
      const address = mapping.start + place - mapping.offset;
      if (address < mapping.start || address >= mapping.end) return [];
      return [{ pid: memory.pid, address, mapping }];
    });
  });
}

/** Pages that are known of and not at hand: in a parent dump that was not given, or left for lazy restore. */
export function pagesElsewhere(
  memory: DumpMemory,
  pids?: ReadonlySet<number>,
): { parent: number; lazy: number } {
  const stores = [...memory.processes.values()]
    .filter(({ pid }) => pids?.has(pid) ?? true)
    .flatMap(({ own }) => own ?? []);
  const count = { parent: 0, lazy: 0 };
  for (let store of [...stores, ...memory.shared.values()]) {
    count.lazy += store.map.lazyPages;
    // What is in none of the dumps that were given is behind the last of them.
    while (store.parent !== undefined) store = store.parent;
    count.parent += store.map.parentPages;
  }
  return count;
}

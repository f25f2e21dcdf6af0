import type { Mapping } from "../criu/memory/mapping.ts";
import type { PageStore } from "../criu/memory/page-store.ts";
import type { ProcessMemory } from "../criu/memory/process-memory.ts";
import type { DumpMemory } from "../criu/memory/read-memory.ts";
import { pagePresent } from "../criu/page-map.ts";

/**
 * A run of dumped bytes that lie side by side both in memory and in a page image: what a search
 * may read in one go. Offsets and lengths in bytes.
 */
export interface Extent {
  store: PageStore;
  /** Address of the first byte; for shared memory, its place in the shared memory. */
  start: bigint;
  /** Offset in the page image. */
  offset: number;
  length: number;
  /** Every process that maps the store: one for private pages. */
  owners: readonly Owner[];
}

/** A process that maps a store. */
export interface Owner {
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
  const size = store.pages?.size ?? 0;
  let current: Extent | undefined;
  for (let at = 0; at < store.map.length; at++) {
    const run = store.map.run(at);
    if ((run.flags & pagePresent) === 0) continue;
    const offset = run.firstPage * pageSize;
    const length = Math.min(run.pages * pageSize, size - offset);
    if (length <= 0) break;
    if (current !== undefined && run.start === current.start + BigInt(current.length)) {
      current.length += length;
      continue;
    }
    if (current !== undefined) yield current;
    current = { store, start: run.start, offset, length, owners };
  }
  if (current !== undefined) yield current;
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

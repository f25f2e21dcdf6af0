import type { Asked } from "../../checkpoint/needs/asked.ts";
import { leftBehind } from "../../checkpoint/needs/left-behind.ts";
import type { PageMap } from "../../criu/page-map.ts";

/** The memory that comes back. Sizes in bytes; nothing of it is read for this. */
export interface MemoryNeeds {
  /** In the page images of the archive. */
  dumpedBytes: number;
  /** In the dump before this one, and whether that was given. */
  parentBytes: number;
  hasParent: boolean;
  /** Left behind for lazy restore. */
  lazyBytes: number;
  processes: number;
  threads: number;
}

export async function memoryNeeds({ checkpoint }: Asked): Promise<MemoryNeeds> {
  const processes = await checkpoint.processes();
  const pageSize = await checkpoint.pageSize();
  const maps = processes.flatMap(({ pageMap }) => pageMap ?? []);
  const sum = (count: (map: PageMap) => number): number =>
    maps.reduce((total, map) => total + count(map), 0) * pageSize;
  return {
    dumpedBytes: (await checkpoint.pageImages()).reduce((total, { bytes }) => total + bytes, 0),
    parentBytes: sum((map) => map.parentPages),
    hasParent: checkpoint.parent !== undefined,
    lazyBytes: sum((map) => (map.lazyPages === 0 ? 0 : leftBehind(map))),
    processes: processes.length,
    threads: processes.reduce((total, { threads }) => total + threads.length, 0),
  };
}

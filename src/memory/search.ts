import type { DumpMemory } from "../criu/memory/read-memory.ts";
import { type Extent, extents, type Sight, sights } from "./extents.ts";
import type { Match, Matcher } from "./matcher.ts";
import { scan } from "./scan.ts";

/** One place where a search found something. Offsets and lengths in bytes. */
export interface Hit {
  /** Who sees it: one process for private memory, all that map it for shared memory. */
  sights: Sight[];
  /** Name of the page image, without folder, and the offset in it. */
  image: string;
  offset: number;
  length: number;
  bytes: Uint8Array;
  /** What stands around it in memory, as far as it was dumped side by side. */
  before: Uint8Array;
  after: Uint8Array;
}

export interface SearchOptions {
  /** Only in these processes. */
  pids?: ReadonlySet<number>;
  /** Bytes of context on each side. */
  context?: number;
}

/** Searches all dumped memory, each page once; hits come as they are found, in batches. */
export async function* search(
  memory: DumpMemory,
  matcher: Matcher,
  options: SearchOptions = {},
): AsyncGenerator<Hit[]> {
  for (const extent of extents(memory, options.pids)) {
    const { pages, image } = extent.store;
    if (pages === undefined) continue;
    for await (const { matches, bytes } of scan(pages, extent.offset, extent.length, matcher)) {
      const hits: Hit[] = [];
      for (const match of matches) {
        hits.push({
          sights: sights(extent, match.start),
          image,
          offset: extent.offset + match.start,
          length: match.end - match.start,
          bytes: bytes(match).slice(),
          ...(await surroundings(extent, match, options.context ?? 0)),
        });
      }
      yield hits;
    }
  }
}

async function surroundings(
  extent: Extent,
  { start, end }: Match,
  context: number,
): Promise<Pick<Hit, "before" | "after">> {
  const empty = new Uint8Array(0);
  const { pages } = extent.store;
  if (context === 0 || pages === undefined) return { before: empty, after: empty };
  const first = Math.max(0, start - context);
  const stop = Math.min(extent.length, end + context);
  return {
    before: await pages.read(extent.offset + first, start - first),
    after: await pages.read(extent.offset + end, stop - end),
  };
}

import type { ByteSource } from "../base/byte-source.ts";
import type { DumpMemory } from "../criu/memory/read-memory.ts";
import { ExtentBlock } from "./extent-block.ts";
import { type Extent, extents, type Sight, sights } from "./extents.ts";
import { ForwardSources } from "./forward-source.ts";
import { type Match, type Matcher, watched } from "./matcher.ts";
import { scanFiles } from "./parallel/scan-files.ts";
import { scan, windowBytes } from "./scan.ts";

/** One place where a search found something. Offsets and lengths in bytes. */
export interface Hit {
  /** Who sees it: one process for private memory, all that map it for shared memory. */
  sights: Sight[];
  /** Name of the page image, without folder, and the offset in it. */
  image: string;
  /** Member of the archive; of that of a parent dump where `parent` is not 0. */
  member: string;
  /** How many dumps before this one the page was dumped: 0 in this one. */
  parent: number;
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
  /** Told of bytes that were looked at, also where they hold nothing; ends the search by throwing. */
  progress?: (bytes: number) => void;
}

/** Searches all dumped memory, each page once; hits come as they are found, in batches. */
export async function* search(
  memory: DumpMemory,
  matcher: Matcher,
  options: SearchOptions = {},
): AsyncGenerator<Hit[]> {
  const context = options.context ?? 0;
  const sources = new ForwardSources(keptBytes + context);
  try {
    for await (const { extent, pages, matches } of found(memory, matcher, options, sources)) {
      const reader = new HitReader(extent, pages, context, matches.length > few);
      for (let at = 0; at < matches.length; at += batchLength) {
        const hits: Hit[] = [];
        for (const match of matches.slice(at, at + batchLength)) hits.push(await reader.hit(match));
        yield hits;
      }
    }
  } finally {
    await sources.close();
  }
}

/**
 * What a hit is read from lies behind the windows that were read ahead of it. In an archive that
 * can only be streamed those bytes are kept, or each hit would cost a pass over it.
 */
const keptBytes = 8 * windowBytes;

/** Hits that are made at a time; there may be one for each byte. */
const batchLength = 1024;

interface Found {
  extent: Extent;
  /** Its page image, as it is best read. */
  pages: ByteSource;
  matches: readonly Match[];
}

/** Matches in order, by several threads where the pages lie in a file as they are. */
async function* found(
  memory: DumpMemory,
  matcher: Matcher,
  { pids, progress }: SearchOptions,
  sources: ForwardSources,
): AsyncGenerator<Found> {
  const all = (): Generator<Extent> => extents(memory, pids);
  if (matcher.recipe !== undefined && inFiles(all())) {
    for await (const one of scanFiles(all(), matcher, undefined, progress)) {
      const { pages } = one.extent.store;
      if (pages !== undefined) yield { ...one, pages };
    }
    return;
  }
  const watching = progress === undefined ? matcher : watched(matcher, progress);
  for (const extent of all()) {
    const stored = extent.store.pages;
    if (stored === undefined) continue;
    const pages = sources.of(stored);
    for await (const { matches } of scan(pages, extent.offset, extent.length, watching)) {
      yield { extent, pages, matches };
    }
  }
}

function inFiles(all: Iterable<Extent>): boolean {
  for (const { store } of all) if (store.pages?.inFile?.() === undefined) return false;
  return true;
}

/** Bytes that are read at a time for more hits than these: they stand close together. */
const few = 8;
const blockBytes = 64 * 1024;

/** Reads what was found, and what stands around it. */
class HitReader {
  readonly #extent: Extent;
  readonly #block: ExtentBlock;
  readonly #context: number;
  readonly #ahead: number;

  constructor(extent: Extent, pages: ByteSource, context: number, crowded: boolean) {
    this.#extent = extent;
    this.#block = new ExtentBlock(extent, pages);
    this.#ahead = crowded ? blockBytes : 0;
    this.#context = context;
  }

  async hit({ start, end }: Match): Promise<Hit> {
    const extent = this.#extent;
    const first = Math.max(0, start - this.#context);
    const stop = Math.min(extent.length, end + this.#context);
    const block = this.#block;
    await block.hold(first, stop, this.#ahead);
    const bytes = (from: number, to: number): Uint8Array =>
      block.bytes.slice(from - block.start, to - block.start);
    return {
      sights: sights(extent, start),
      image: extent.store.image,
      member: extent.store.member,
      parent: extent.parent,
      offset: extent.offset + start,
      length: end - start,
      bytes: bytes(start, end),
      before: bytes(first, start),
      after: bytes(end, stop),
    };
  }
}

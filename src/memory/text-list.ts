import { asBuffer } from "../base/bytes.ts";
import type { DumpMemory } from "../criu/memory/read-memory.ts";
import { type Extent, extents, sights } from "./extents.ts";
import { ForwardSources } from "./forward-source.ts";
import type { Match } from "./matcher.ts";
import { type ScanBatch, scan } from "./scan.ts";
import { type Encoding, stringsMatcher, stringText } from "./strings.ts";

/** A text in memory. */
export interface MemoryText {
  /** Who sees it; the first where several map the page. Null for memory that nobody maps. */
  pid: number | null;
  address: bigint | null;
  /** Name of the page image, without folder, and the offset in it. */
  image: string;
  /** Member of the archive; of that of a parent dump where `parent` is not 0. */
  member: string;
  /** How many dumps before this one the page was dumped: 0 in this one. */
  parent: number;
  offset: number;
  /** Bytes. */
  length: number;
  text: string;
}

/**
 * Texts of at least `least` characters, each page once, in batches: a dump holds millions, and a
 * promise for each would take longer than finding them.
 */
export async function* texts(
  memory: DumpMemory,
  encoding: Encoding,
  least: number,
  pids?: ReadonlySet<number>,
): AsyncGenerator<MemoryText[]> {
  const matcher = stringsMatcher(encoding, least);
  const sources = new ForwardSources();
  try {
    for (const extent of extents(memory, pids)) {
      const { store, parent } = extent;
      const { pages, image, member } = store;
      if (pages === undefined) continue;
      const place = placer(extent);
      const source = sources.of(pages);
      for await (const batch of scan(source, extent.offset, extent.length, matcher)) {
        const textOf = reader(batch, encoding);
        yield batch.matches.map((match): MemoryText => {
          const { pid, address } = place(match.start);
          const offset = extent.offset + match.start;
          const length = match.end - match.start;
          return { pid, address, image, member, parent, offset, length, text: textOf(match) };
        });
      }
    }
  } finally {
    await sources.close();
  }
}

/** Decodes matches of a window; ASCII in one go for all of them. */
function reader(batch: ScanBatch, encoding: Encoding): (match: Match) => string {
  if (encoding !== "ascii") return (match) => stringText(batch.bytes(match), encoding);
  const { window, start } = batch;
  const whole = asBuffer(window).toString("latin1");
  return (match) => whole.slice(match.start - start, match.end - start);
}

/** Finds the first sight of a place in an extent; without detours where it has one owner. */
function placer(extent: Extent): (inside: number) => Pick<MemoryText, "pid" | "address"> {
  const [owner] = extent.owners;
  if (owner !== undefined && owner.mappings === undefined) {
    const { pid } = owner.memory;
    return (inside) => ({ pid, address: extent.start + BigInt(inside) });
  }
  return (inside) => {
    const [sight] = sights(extent, inside);
    return { pid: sight?.pid ?? null, address: sight?.address ?? null };
  };
}

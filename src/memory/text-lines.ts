import type { ByteSource } from "../base/byte-source.ts";
import type { DumpMemory } from "../criu/memory/read-memory.ts";
import { type Extent, extents, type Sight, sights } from "./extents.ts";
import { ForwardSources } from "./forward-source.ts";
import { Windows, windowBytes } from "./scan.ts";
import { longestText } from "./strings.ts";
import { type LineHead, TextPrinter } from "./text-printer.ts";

export interface LineOptions {
  /** Characters of the shortest text. */
  least: number;
  pids?: ReadonlySet<number> | undefined;
  /** What stands before a text that this process sees, or nobody; its address follows. */
  prefix: ((pid: number | null) => string) | undefined;
  /** The line for a text that may hold a secret; undefined where all is shown. */
  mask: ((text: string) => string) | undefined;
  /** Texts that are wanted. */
  limit?: number | undefined;
  /** Bytes that are read at a time. */
  step?: number;
}

/**
 * The ASCII texts in memory, each page once, as lines of bytes: in chunks that are views, valid
 * until the next is asked for. Tabs are escaped; nothing else in such a text needs it.
 */
export async function* textLines(
  memory: DumpMemory,
  options: LineOptions,
): AsyncGenerator<Uint8Array> {
  const printer = new TextPrinter(options.least, options.mask, options.limit);
  const sources = new ForwardSources();
  try {
    for (const extent of extents(memory, options.pids)) {
      const { pages } = extent.store;
      if (pages === undefined) continue;
      yield* extentLines(extent, sources.of(pages), printer, options);
      if (printer.enough) return;
    }
  } finally {
    await sources.close();
  }
}

/** Windows overlap by the longest text, as in `scan`, so that each is found once and whole. */
async function* extentLines(
  extent: Extent,
  pages: ByteSource,
  printer: TextPrinter,
  { prefix, step = windowBytes }: LineOptions,
): AsyncGenerator<Uint8Array> {
  const windows = new Windows(pages, extent.offset, extent.length, step, longestText);
  try {
    let from = 0;
    let span = spanAt(extent, 0);
    for (let loaded = await windows.next(); loaded; loaded = await windows.next()) {
      const { kernel, start, end } = loaded;
      const safe = end === extent.length ? end : end - longestText;
      while (from < safe) {
        if (from >= span.end) span = spanAt(extent, from);
        const until = Math.min(safe, span.end);
        const stretch = { from: from - start, to: end - start, safe: until - start };
        const last = yield* printer.lines(kernel, headOf(span, start, prefix), stretch);
        if (printer.enough) return;
        from = Math.max(until, start + last);
      }
    }
  } finally {
    await windows.close();
  }
}

/** A part of an extent that is seen first by the same process, at the same distance. */
interface Span {
  /** Offset in the extent behind its last byte. */
  end: number;
  sight: Sight | undefined;
  /** Offset that `sight` is of. */
  inside: number;
}

function headOf({ sight, inside }: Span, start: number, prefix: LineOptions["prefix"]): LineHead {
  if (prefix === undefined) return { prefix: "", base: undefined };
  if (sight === undefined) return { prefix: prefix(null), base: undefined };
  const base = BigInt.asUintN(64, sight.address + BigInt(start - inside));
  return { prefix: prefix(sight.pid), base };
}

function spanAt(extent: Extent, inside: number): Span {
  const [sight] = sights(extent, inside);
  return { end: spanEnd(extent, inside), sight, inside };
}

/** Where a mapping of shared memory begins or ends next: another may be the first to see that. */
function spanEnd({ start, length, owners }: Extent, inside: number): number {
  let end = length;
  for (const { mappings } of owners) {
    for (const mapping of mappings ?? []) {
      const first = Number(mapping.offset - start);
      const last = Number(mapping.offset + mapping.end - mapping.start - start);
      for (const cut of [first, last]) if (cut > inside && cut < end) end = cut;
    }
  }
  return end;
}

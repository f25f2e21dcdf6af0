import type { ByteSource } from "../../base/byte-source.ts";
import { ExtentBlock } from "../extent-block.ts";
import { type Extent, extents, type Sight, sights } from "../extents.ts";
import { ForwardSources } from "../forward-source.ts";
import { type Match, watched } from "../matcher.ts";
import { scanFiles } from "../parallel/scan-files.ts";
import { scan, windowBytes } from "../scan.ts";
import type { Sighted } from "./examine.ts";
import { Overlaps } from "./overlaps.ts";
import { matchLength } from "./probe-matcher.ts";
import type { TextRanges } from "./process-texts.ts";
import { type SecretSearch, tellCrowded } from "./scope.ts";
import type { SecretPlace } from "./secret.ts";

/**
 * Looks through all dumped pages, each once, by several threads where they lie in a file as they
 * are. Command lines and environments, which were looked at before, are passed over.
 */
export async function searchPages(search: SecretSearch, texts: TextRanges): Promise<void> {
  const { matcher, progress, pids } = search;
  const memory = await search.checkpoint.memory();
  const all = (): Generator<Extent> => extents(memory, pids);
  let reader: PlaceReader | undefined;
  const readerOf = (extent: Extent, pages: ByteSource): PlaceReader => {
    if (reader?.extent === extent) return reader;
    reader?.end();
    reader = new PlaceReader(search, extent, pages, texts);
    return reader;
  };
  if (inFiles(all())) {
    for await (const { extent, matches } of scanFiles(all(), matcher, undefined, progress)) {
      const { pages } = extent.store;
      if (pages !== undefined) await readerOf(extent, pages).take(matches);
    }
  } else {
    const watching = watched(matcher, progress);
    const sources = new ForwardSources(keptBytes);
    try {
      for (const extent of all()) {
        if (extent.store.pages === undefined) continue;
        const pages = sources.of(extent.store.pages);
        for await (const { matches } of scan(pages, extent.offset, extent.length, watching)) {
          await readerOf(extent, pages).take(matches);
        }
      }
    } finally {
      await sources.close();
    }
  }
  reader?.end();
}

/** Windows are read ahead of the place that is looked at. */
const keptBytes = 8 * windowBytes;

function inFiles(all: Iterable<Extent>): boolean {
  for (const { store } of all) if (store.pages?.inFile?.() === undefined) return false;
  return true;
}

/** Bytes that are read at a time for more places than `few`: they stand close together. */
const blockBytes = 256 * 1024;
const few = 8;

/** Looks closer at the places of one extent where a keyword stands. */
class PlaceReader {
  readonly extent: Extent;
  readonly #search: SecretSearch;
  readonly #block: ExtentBlock;
  readonly #texts: TextRanges;
  readonly #overlaps: Overlaps;

  constructor(search: SecretSearch, extent: Extent, pages: ByteSource, texts: TextRanges) {
    this.#search = search;
    this.extent = extent;
    this.#block = new ExtentBlock(extent, pages);
    this.#texts = texts;
    this.#overlaps = new Overlaps(2 * search.examiner.before, (one) => this.#tell(one));
  }

  async take(matches: readonly Match[]): Promise<void> {
    const { examiner, collector } = this.#search;
    for (const { start, end } of matches) {
      if (end - start === matchLength.crowded) this.#tellCrowded(start);
      else {
        await this.#hold(start, matches.length > few);
        const found = examiner.at(this.#block.bytes, start - this.#block.start, collector);
        const shifted = found.map((one) => ({
          ...one,
          start: one.start + this.#block.start,
          end: one.end + this.#block.start,
        }));
        this.#overlaps.add(start, shifted);
      }
    }
  }

  end(): void {
    this.#overlaps.flush();
  }

  /** Brings what may belong to a secret around `at` into the block. */
  async #hold(at: number, crowded: boolean): Promise<void> {
    const { before, behind } = this.#search.examiner;
    const first = Math.max(0, at - 2 * before);
    const last = Math.min(this.extent.length, at + 2 * behind);
    await this.#block.hold(first, last, crowded ? blockBytes : 0);
  }

  #tell(sighted: Sighted): void {
    const { store, offset, parent } = this.extent;
    const place = {
      kind: "memory" as const,
      member: store.member,
      offset: offset + sighted.start,
      parent,
      encoding: sighted.encoding,
    };
    const all = sights(this.extent, sighted.start);
    const seen = all.filter((sight) => !this.#isText(sight));
    if (all.length > 0 && seen.length === 0) return;
    const places: SecretPlace[] = seen.map(({ pid, address, mapping }) => ({
      ...place,
      pid,
      address,
      ...(mapping === undefined ? {} : { mapping: mapping.name || "anonymous" }),
    }));
    this.#search.collector.add(sighted, places.length > 0 ? places : [place]);
  }

  #isText({ pid, address }: Sight): boolean {
    const ranges = this.#texts.get(pid) ?? [];
    return ranges.some(({ start, length }) => address >= start && address < start + BigInt(length));
  }

  #tellCrowded(start: number): void {
    tellCrowded(this.#search, this.extent.store.member, this.extent.offset + start);
  }
}

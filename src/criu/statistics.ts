import type { ByteSource } from "../base/byte-source.ts";
import { safeNumber } from "../base/u64.ts";
import { readEntries } from "./image.ts";

/** What CRIU measured while it dumped. Times in microseconds, sizes in pages. */
export interface DumpStatistics {
  freezingTime: number;
  frozenTime: number;
  memdumpTime: number;
  memwriteTime: number;
  pagesScanned: number;
  pagesSkippedParent: number;
  pagesWritten: number;
  pagesLazy: number;
  sharedPagesScanned?: number;
  sharedPagesSkippedParent?: number;
  sharedPagesWritten?: number;
}

/** Reads `stats-dump`; undefined where it holds no statistics of a dump. */
export async function readDumpStatistics(source: ByteSource): Promise<DumpStatistics | undefined> {
  const dump = (await readEntries(source, "stats_entry"))[0]?.dump;
  if (dump === undefined) return undefined;
  const statistics: DumpStatistics = {
    freezingTime: dump.freezing_time,
    frozenTime: dump.frozen_time,
    memdumpTime: dump.memdump_time,
    memwriteTime: dump.memwrite_time,
    pagesScanned: count(dump.pages_scanned),
    pagesSkippedParent: count(dump.pages_skipped_parent),
    pagesWritten: count(dump.pages_written),
    pagesLazy: count(dump.pages_lazy),
  };
  if (dump.shpages_scanned !== undefined) {
    statistics.sharedPagesScanned = count(dump.shpages_scanned);
    statistics.sharedPagesSkippedParent = count(dump.shpages_skipped_parent ?? 0n);
    statistics.sharedPagesWritten = count(dump.shpages_written ?? 0n);
  }
  return statistics;
}

/** A count of pages. No machine has 2^53 of them, so a larger one is shown as that. */
function count(value: bigint): number {
  return safeNumber(value) ?? Number.MAX_SAFE_INTEGER;
}

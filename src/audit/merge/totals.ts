import { parseTime } from "../../base/time.ts";
import { type ArchiveAudit, addCounts, countFindings, type FindingCounts } from "../audit.ts";
import type { Finding } from "../finding.ts";

/** Sums of a report, or of some: all that a head, a verdict and an exit code need. */
export interface Totals {
  archives: number;
  /** Bytes of archives whose size is known. */
  bytes: number;
  /** Not looked into, because the gate refused or because nothing could be read. */
  refused: number;
  broken: number;
  /** Looked into, but not whole. */
  partly: number;
  unchanged: number;
  counts: FindingCounts;
  /** What archives that were not looked at again had. */
  unchangedCounts: FindingCounts;
  /** When the first and the last checkpoint was made, milliseconds since 1970; null for none. */
  oldest: number | null;
  newest: number | null;
}

export function emptyTotals(): Totals {
  return {
    archives: 0,
    bytes: 0,
    refused: 0,
    broken: 0,
    partly: 0,
    unchanged: 0,
    counts: countFindings([]),
    unchangedCounts: countFindings([]),
    oldest: null,
    newest: null,
  };
}

export function addArchive(totals: Totals, archive: ArchiveAudit): void {
  const { sizeBytes, fault, problems, findings, checkpointedAt } = archive;
  totals.archives += 1;
  totals.bytes += sizeBytes ?? 0;
  if (fault?.kind === "refused") totals.refused += 1;
  else if (fault !== null) totals.broken += 1;
  else if (problems.some(({ severity }) => severity === "error")) totals.partly += 1;
  addFindings(totals, findings);
  const time = checkpointedAt === null ? undefined : parseTime(checkpointedAt);
  if (time === undefined) return;
  totals.oldest = Math.min(totals.oldest ?? time, time);
  totals.newest = Math.max(totals.newest ?? time, time);
}

export function addFindings(totals: Totals, findings: Iterable<Finding>): void {
  addCounts(totals.counts, countFindings(findings));
}

export function addUnchanged(totals: Totals, counts: FindingCounts): void {
  totals.unchanged += 1;
  addCounts(totals.unchangedCounts, counts);
}

/** Adds one to the other. */
export function addTotals(to: Totals, more: Totals): void {
  for (const name of ["archives", "bytes", "refused", "broken", "partly", "unchanged"] as const) {
    to[name] += more[name];
  }
  addCounts(to.counts, more.counts);
  addCounts(to.unchangedCounts, more.unchangedCounts);
  if (more.oldest !== null) to.oldest = Math.min(to.oldest ?? more.oldest, more.oldest);
  if (more.newest !== null) to.newest = Math.max(to.newest ?? more.newest, more.newest);
}

import type { NodeReports } from "./choose.ts";
import type { ReadEntry } from "./read-report.ts";
import { readEntries } from "./report-entries.ts";
import type { SurveyedReport } from "./survey.ts";
import { addArchive, addFindings, addUnchanged, emptyTotals, type Totals } from "./totals.ts";

/** A report whose entries are told, or some of them. */
export interface SettledReport {
  report: SurveyedReport;
  /** Is this entry told? Undefined where all are. */
  tells: ((entry: ReadEntry) => boolean) | undefined;
  /** Of what is told. */
  totals: Totals;
}

/**
 * Which entries of a node's reports are told, so that each archive is told once: by the first report
 * that has it. What the newest report passed over as unchanged is told by the report that audited
 * it, where that is there.
 */
export async function settleNode({ current, past }: NodeReports): Promise<SettledReport[]> {
  const passes = current.some(({ totals }) => totals.unchanged > 0) && past.length > 0;
  if (current.length === 1 && !passes) {
    return current.map((report) => ({ report, tells: undefined, totals: report.totals }));
  }
  const told = new Set<string>();
  const settled: SettledReport[] = [];
  /** Paths that were passed over, with the time of their audit. */
  const passed = new Set<string>();
  for (const report of current) {
    const archives = await indexesOf(report, (path) => {
      if (told.has(path)) return false;
      told.add(path);
      return true;
    });
    for await (const entry of readEntries(report)) {
      if (entry.kind === "unchanged") passed.add(passKey(entry.value.path, entry.value.auditedAt));
    }
    const tells = (entry: ReadEntry): boolean =>
      entry.kind !== "archive" || archives.has(entry.index);
    settled.push({ report, tells, totals: emptyTotals() });
  }
  for (const report of past) {
    const archives = await indexesOf(report, (path) => {
      if (told.has(path) || !passed.has(passKey(path, report.auditedAt))) return false;
      told.add(path);
      return true;
    });
    if (archives.size === 0) continue;
    // Of a report that was replaced nothing else counts.
    const tells = (entry: ReadEntry): boolean =>
      entry.kind === "archive" && archives.has(entry.index);
    settled.push({ report, tells, totals: emptyTotals() });
  }
  for (const each of settled) await count(each, told);
  return settled;
}

function passKey(path: string, auditedAt: string): string {
  return `${auditedAt} ${path}`;
}

/** Numbers of the archives that `take` takes. */
async function indexesOf(
  report: SurveyedReport,
  take: (path: string) => boolean,
): Promise<Set<number>> {
  const indexes = new Set<number>();
  for await (const entry of readEntries(report)) {
    if (entry.kind === "archive" && take(entry.value.path)) indexes.add(entry.index);
  }
  return indexes;
}

/** Adds up what is told; what is told as an archive is not told as unchanged. */
async function count(settled: SettledReport, told: ReadonlySet<string>): Promise<void> {
  const { report, totals, tells } = settled;
  settled.tells = (entry) => {
    if (entry.kind === "unchanged" && told.has(entry.value.path)) return false;
    return tells === undefined || tells(entry);
  };
  for await (const entry of readEntries(report)) {
    if (!settled.tells(entry)) continue;
    if (entry.kind === "archive") addArchive(totals, entry.value);
    else if (entry.kind === "housekeeping") addFindings(totals, [entry.value]);
    else if (entry.kind === "unchanged") addUnchanged(totals, entry.value.counts);
  }
}

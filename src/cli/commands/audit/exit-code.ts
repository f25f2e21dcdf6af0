import { type AuditReport, allFindings } from "../../../audit/audit.ts";
import type { MergedReport } from "../../../audit/merge/merge.ts";
import type { Severity } from "../../../audit/severity.ts";
import { countGrave, isGrave } from "../../../report/audit-counts.ts";
import { exitCodes } from "../../exit-codes.ts";

/**
 * 1 for a finding that nobody allowed and that is as grave as the threshold; else 5 where a server
 * did not give an archive; else 3 where an archive was not read, or not whole, so that nobody takes
 * silence for health; else 4 where one was refused.
 */
export function auditExitCode(
  report: Pick<AuditReport, "failOn" | "archives" | "housekeeping" | "unchanged">,
): number {
  const { failOn, archives, unchanged } = report;
  for (const finding of allFindings(report)) {
    if (isGrave(finding, failOn)) return exitCodes.findings;
  }
  if (unchanged.some(({ counts }) => countGrave(counts, failOn) > 0)) return exitCodes.findings;
  if (archives.some(({ fault }) => fault?.kind === "remote")) return exitCodes.remote;
  const partly = archives.some(
    ({ fault, problems }) =>
      fault?.kind === "broken" || problems.some(({ severity }) => severity === "error"),
  );
  if (partly) return exitCodes.archive;
  return archives.some(({ fault }) => fault !== null) ? exitCodes.refused : exitCodes.fine;
}

/** As of any audit: 1 before 3 before 4. A report that was not read whole counts as an archive that was not. */
export function mergedExitCode(
  { totals, faults }: Pick<MergedReport, "totals" | "faults">,
  failOn: Severity | "none",
): number {
  const { counts, unchangedCounts, broken, partly, refused } = totals;
  const grave = countGrave(counts, failOn) + countGrave(unchangedCounts, failOn);
  if (grave > 0) return exitCodes.findings;
  if (faults.length + broken + partly > 0) return exitCodes.archive;
  return refused > 0 ? exitCodes.refused : exitCodes.fine;
}

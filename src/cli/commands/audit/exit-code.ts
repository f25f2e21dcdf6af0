import { type AuditReport, allFindings } from "../../../audit/audit.ts";
import { atLeast, severities } from "../../../audit/severity.ts";
import { exitCodes } from "../../exit-codes.ts";

/**
 * 1 for a finding that nobody allowed and that is as grave as the threshold; else 5 where a server
 * did not give an archive; else 3 where an
 * archive was not read, or not whole, so that nobody takes silence for health; else 4 where one was
 * refused.
 */
export function auditExitCode(
  report: Pick<AuditReport, "failOn" | "archives" | "housekeeping" | "unchanged">,
): number {
  const { failOn, archives } = report;
  if (failOn !== "none") {
    for (const { allowed, severity } of allFindings(report)) {
      if (allowed === null && atLeast(severity, failOn)) return exitCodes.findings;
    }
  }
  const grave = report.unchanged.some(({ counts }) =>
    severities.some(
      (severity) =>
        failOn !== "none" && atLeast(severity, failOn) && counts.bySeverity[severity] > 0,
    ),
  );
  if (grave) return exitCodes.findings;
  if (archives.some(({ fault }) => fault?.kind === "remote")) return exitCodes.remote;
  const partly = archives.some(
    ({ fault, problems }) =>
      fault?.kind === "broken" || problems.some(({ severity }) => severity === "error"),
  );
  if (partly) return exitCodes.archive;
  return archives.some(({ fault }) => fault !== null) ? exitCodes.refused : exitCodes.fine;
}

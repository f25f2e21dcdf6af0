import type { AuditReport, FindingCounts } from "../../audit/audit.ts";
import type { Finding } from "../../audit/finding.ts";
import { rank, severityOrder } from "./severity-mark.ts";

/** How many findings there are that nobody allowed, by severity. */
export function countsOf(findings: readonly Finding[]): FindingCounts {
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { allowed, severity } of findings) if (allowed === null) bySeverity[severity] += 1;
  return { bySeverity, allowed: findings.filter(({ allowed }) => allowed !== null).length };
}

/** Findings as grave as the threshold, or graver. */
export function failing({ counts, failOn }: Pick<AuditReport, "counts" | "failOn">): number {
  if (failOn === "none") return 0;
  const grave = severityOrder.filter((severity) => rank(severity) <= rank(failOn));
  return grave.reduce((sum, severity) => sum + counts.bySeverity[severity], 0);
}

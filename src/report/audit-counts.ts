import type { AuditReport } from "../audit/audit.ts";
import type { Finding } from "../audit/finding.ts";
import type { Severity } from "../audit/severity.ts";
import { formatCount } from "../base/units.ts";
import { isAtLeast, paintSeverity, severityOrder } from "./audit-words.ts";
import type { Style } from "./style.ts";

/** Findings by severity, and how many are allowed. */
export interface Tally {
  bySeverity: Record<Severity, number>;
  allowed: number;
}

export function tally(findings: Iterable<Finding>): Tally {
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  let allowed = 0;
  for (const { severity, allowed: allowance } of findings) {
    if (allowance === null) bySeverity[severity] += 1;
    else allowed += 1;
  }
  return { bySeverity, allowed };
}

/** `1 critical, 2 high, 1 allowed`; empty where there is nothing. */
export function countsLine(findings: readonly Finding[], style: Style): string {
  return tallyWords(tally(findings), style);
}

function tallyWords({ bySeverity, allowed }: Tally, style: Style): string {
  const words = severityOrder
    .filter((severity) => bySeverity[severity] > 0)
    .map((severity) => {
      const text = `${formatCount(bySeverity[severity])} ${severity}`;
      return paintSeverity(text, severity, style);
    });
  if (allowed > 0) words.push(style.dim(`${formatCount(allowed)} allowed`));
  return words.join(", ");
}

/** Counts for the exit code: not allowed, and as grave as the threshold. */
export function isGrave({ allowed, severity }: Finding, failOn: AuditReport["failOn"]): boolean {
  return allowed === null && isAtLeast(severity, failOn);
}

/** The last line: how many archives, what was found, and what that means. */
export function verdictLine(report: AuditReport, style: Style): string {
  const { archives, counts, failOn } = report;
  const grave = severityOrder
    .filter((severity) => isAtLeast(severity, failOn))
    .reduce((sum, severity) => sum + counts.bySeverity[severity], 0);
  const unread = archives.filter(({ fault }) => fault !== null).length;
  const found = tallyWords(counts, style);
  const many = archives.length === 1 ? "1 archive" : `${formatCount(archives.length)} archives`;
  const parts = [`${many}: ${found === "" ? "nothing found" : found}`];
  if (unread > 0) parts.push(style.red(`${formatCount(unread)} not read`));
  const threshold = failOn === "none" ? "nothing fails" : `fails on ${failOn}`;
  const sign = grave > 0 || unread > 0 ? style.red("✗") : style.green("✓");
  const verdict = grave > 0 ? `${formatCount(grave)} to mend` : "passed";
  return `${sign} ${parts.join("; ")}  ${style.dim(`(${threshold}: ${verdict})`)}\n`;
}

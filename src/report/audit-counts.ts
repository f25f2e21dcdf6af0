import type { AuditReport, FindingCounts } from "../audit/audit.ts";
import type { Finding } from "../audit/finding.ts";
import { formatCount } from "../base/units.ts";
import { isAtLeast, paintSeverity, severityOrder } from "./audit-words.ts";
import type { Style } from "./style.ts";

/** Findings by severity, and how many are allowed. */
export function tally(findings: Iterable<Finding>): FindingCounts {
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

export function tallyWords({ bySeverity, allowed }: FindingCounts, style: Style): string {
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

/** What a verdict is made of. */
export interface VerdictFigures {
  failOn: AuditReport["failOn"];
  /** Archives that were audited, and those among them that were not read, or not whole. */
  archives: number;
  unread: number;
  partly: number;
  unchanged: number;
  counts: FindingCounts;
  /** Of what was not looked at again. */
  unchangedCounts: readonly FindingCounts[];
}

/** The last line: how many archives, what was found, and what that means. */
export function verdictLine(report: AuditReport, style: Style): string {
  const { archives, unchanged, housekeeping, counts, failOn } = report;
  if (archives.length + unchanged.length + housekeeping.length === 0) {
    return "· no archives: nothing was audited\n";
  }
  const figures = {
    failOn,
    archives: archives.length,
    unread: archives.filter(({ fault }) => fault !== null).length,
    partly: archives.filter(isPartly).length,
    unchanged: unchanged.length,
    counts,
    unchangedCounts: unchanged.map((one) => one.counts),
  };
  return verdictOf(figures, style);
}

/** @param more what is to be said besides, in red: it was not all looked at */
export function verdictOf(figures: VerdictFigures, style: Style, more: string[] = []): string {
  const { failOn, archives, unread, partly, unchanged, counts, unchangedCounts } = figures;
  const all = [counts, ...unchangedCounts];
  const grave = all.reduce((sum, one) => sum + countGrave(one, failOn), 0);
  const found = tallyWords(counts, style) || nothingWords(archives - unread);
  const parts = [`${count(archives, "archive")}: ${found}`];
  if (unread > 0) parts.push(style.red(`${formatCount(unread)} not read`));
  if (partly > 0) parts.push(style.red(`${formatCount(partly)} not whole`));
  if (unchanged > 0) parts.push(`${formatCount(unchanged)} unchanged`);
  parts.push(...more.map(style.red));
  const missing = unread + partly + more.length;
  const threshold = failOn === "none" ? "nothing fails" : `fails on ${failOn}`;
  const passed = missing > 0 ? "not all was looked at" : "passed";
  const verdict = grave > 0 ? `${formatCount(grave)} to mend` : passed;
  const sign = grave + missing > 0 ? style.red("✗") : style.green("✓");
  return `${sign} ${parts.join("; ")}  ${style.dim(`(${threshold}: ${verdict})`)}\n`;
}

/** Where nothing was looked at, nothing was found out either. */
function nothingWords(looked: number): string {
  return looked > 0 ? "nothing found" : "nothing was looked at";
}

/** How many of them count for the exit code. */
export function countGrave({ bySeverity }: FindingCounts, failOn: AuditReport["failOn"]): number {
  return severityOrder
    .filter((severity) => isAtLeast(severity, failOn))
    .reduce((sum, severity) => sum + bySeverity[severity], 0);
}

/** Was a part of it not read, or a rule not asked? */
export function isPartly({ fault, problems }: AuditReport["archives"][number]): boolean {
  return fault === null && problems.some(({ severity }) => severity === "error");
}

export function count(number: number, what: string): string {
  return `${formatCount(number)} ${what}${number === 1 ? "" : "s"}`;
}

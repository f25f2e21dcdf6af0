import type { Finding } from "../finding.ts";
import type { Household } from "../housekeeping/holding.ts";
import { type Severity, severities } from "../severity.ts";

/** Findings that nobody allowed, by rule and severity. */
export class RuleCounts {
  readonly #counts = new Map<string, Map<Severity, number>>();

  add(findings: Iterable<Pick<Finding, "ruleId" | "severity" | "allowed">>): void {
    for (const { ruleId, severity, allowed } of findings) {
      if (allowed !== null) continue;
      const known = this.#counts.get(ruleId) ?? new Map<Severity, number>();
      known.set(severity, (known.get(severity) ?? 0) + 1);
      this.#counts.set(ruleId, known);
    }
  }

  /** In the order of rules, the gravest first. */
  *entries(): Generator<{ rule: string; severity: Severity; count: number }> {
    const rank = (severity: Severity): number => severities.indexOf(severity);
    for (const [rule, counts] of [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const sorted = [...counts].sort(([a], [b]) => rank(a) - rank(b));
      for (const [severity, count] of sorted) yield { rule, severity, count };
    }
  }
}

/** What is measured of an audit beside its report: it is not of the findings but of the run. */
export interface RunFigures extends Household {
  rules: RuleCounts;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
}

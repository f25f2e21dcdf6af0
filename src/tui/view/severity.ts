import type { Severity } from "../../audit/severity.ts";
import { severityOrder, severityWords } from "../../report/audit-words.ts";
import { type Role, type Span, span } from "./line.ts";

const roles: Readonly<Record<Severity, Role>> = {
  critical: "danger",
  high: "danger",
  medium: "warning",
  low: "plain",
  info: "dim",
};

/** Sign and word: `✗ critical`. */
export function severitySpan(severity: Severity): Span {
  return span(severityWords(severity), roles[severity]);
}

/** How many rows there are of each severity, from the gravest: `✗ 2 high  ! 1 medium`. */
export function severitySpans(rows: readonly { severity: Severity }[]): Span[] {
  return severityOrder.flatMap((severity) => {
    const count = rows.filter((row) => row.severity === severity).length;
    const text = severityWords(severity).replace(" ", ` ${count} `);
    return count === 0 ? [] : [span(`${text}  `, roles[severity])];
  });
}

/** For sorting: the gravest first. */
export function severityRank(severity: Severity): number {
  return severityOrder.indexOf(severity);
}

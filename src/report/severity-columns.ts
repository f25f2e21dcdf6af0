import type { FindingCounts } from "../audit/audit.ts";
import type { Severity } from "../audit/severity.ts";
import { paintSeverity, severityOrder } from "./audit-words.ts";
import type { Column } from "./table.ts";

const titles: Readonly<Record<Severity, string>> = {
  critical: "CRIT",
  high: "HIGH",
  medium: "MED",
  low: "LOW",
  info: "INFO",
};

/** A column for each severity, the gravest first, with how many findings a row has of it. */
export function severityColumns<Row>(countsOf: (row: Row) => FindingCounts): Column<Row>[] {
  return severityOrder.map((severity) => ({
    title: titles[severity],
    align: "right",
    cell: (row) => countCell(countsOf(row).bySeverity[severity]),
    paint: (text, row, style) =>
      countsOf(row).bySeverity[severity] > 0 ? paintSeverity(text, severity, style) : text,
  }));
}

/** A dash for none, so that what is there stands out. */
export function countCell(count: number): string {
  return `${count || "–"}`;
}

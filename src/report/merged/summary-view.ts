import type { MergedReport, MergedSource } from "../../audit/merge/merge.ts";
import { formatBytes } from "../../base/units.ts";
import { severityOrder } from "../audit-words.ts";
import { countCell, severityColumns } from "../severity-columns.ts";
import { plainStyle } from "../style.ts";
import { type Column, renderTable, type TableOptions } from "../table.ts";
import type { MergedOptions } from "./json.ts";
import { mergedVerdict } from "./view.ts";

/** One node a line, those with the gravest findings first; then the sum. */
export function renderMergedSummary(
  merged: MergedReport,
  { failOn }: MergedOptions,
  options: TableOptions,
): string {
  const style = options.style ?? plainStyle;
  const rows = [...merged.sources].sort(byGravity);
  const table = rows.length === 0 ? "" : `${renderTable(rows, columns, options)}\n`;
  return `${table}${mergedVerdict(merged, failOn, style)}`;
}

function byGravity(a: MergedSource, b: MergedSource): number {
  for (const severity of severityOrder) {
    const more = b.totals.counts.bySeverity[severity] - a.totals.counts.bySeverity[severity];
    if (more !== 0) return more;
  }
  return 0;
}

const columns: Column<MergedSource>[] = [
  { title: "NODE", cell: ({ node, path }) => node ?? path, flexible: "middle" },
  { title: "ARCHIVES", align: "right", cell: ({ totals }) => `${totals.archives}` },
  { title: "SIZE", align: "right", cell: ({ totals }) => formatBytes(totals.bytes) },
  ...severityColumns<MergedSource>(({ totals }) => totals.counts),
  {
    title: "ALLOWED",
    align: "right",
    cell: ({ totals }) => countCell(totals.counts.allowed),
    wide: true,
  },
  {
    title: "UNCHANGED",
    align: "right",
    cell: ({ totals }) => countCell(totals.unchanged),
    wide: true,
  },
  {
    title: "UNREAD",
    align: "right",
    cell: ({ totals }) => countCell(totals.refused + totals.broken + totals.partly),
    paint: (text, _row, style) => (text.trim() === "–" ? text : style.red(text)),
  },
  { title: "AUDITED", cell: ({ auditedAt }) => auditedAt },
  { title: "REPORT", cell: ({ path }) => path, flexible: "middle", wide: true },
];

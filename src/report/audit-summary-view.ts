import type { ArchiveAudit, AuditReport, FindingCounts } from "../audit/audit.ts";
import type { Finding } from "../audit/finding.ts";
import { formatBytes } from "../base/units.ts";
import { tally, verdictLine } from "./audit-counts.ts";
import { nameOf } from "./audit-view.ts";
import { paintSeverity, severityOrder, severityWords } from "./audit-words.ts";
import { countCell, severityColumns } from "./severity-columns.ts";
import { plainStyle } from "./style.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

interface Row {
  archive: ArchiveAudit | null;
  counts: FindingCounts;
  worst: Finding | undefined;
}

/** One archive a line: how many findings of each severity, and the gravest; then the sum. */
export function renderAuditSummary(report: AuditReport, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const rows: Row[] = report.archives.map((archive) => rowOf(archive, archive.findings));
  if (report.housekeeping.length > 0) rows.push(rowOf(null, report.housekeeping));
  const table = rows.length === 0 ? "" : `${renderTable(rows, columnsFor(rows), options)}\n`;
  return `${table}${verdictLine(report, style)}`;
}

function rowOf(archive: ArchiveAudit | null, findings: readonly Finding[]): Row {
  return { archive, counts: tally(findings), worst: worstOf(findings) };
}

/** The first of the gravest that nobody allowed. */
function worstOf(findings: readonly Finding[]): Finding | undefined {
  const rank = ({ severity }: Finding): number => severityOrder.indexOf(severity);
  return findings
    .filter(({ allowed }) => allowed === null)
    .reduce<Finding | undefined>(
      (worst, it) => (worst === undefined || rank(it) < rank(worst) ? it : worst),
      undefined,
    );
}

function columnsFor(rows: readonly Row[]): Column<Row>[] {
  const anyAllowed = rows.some(({ counts }) => counts.allowed > 0);
  return [
    { title: "NAME", cell: nameCell, flexible: true },
    { title: "RUNTIME", cell: ({ archive }) => archive?.engine ?? "–", wide: true },
    { title: "SIZE", align: "right", cell: ({ archive }) => size(archive), wide: true },
    ...severityColumns<Row>(({ counts }) => counts),
    {
      title: "ALLOWED",
      align: "right",
      cell: ({ counts }) => countCell(counts.allowed),
      wide: !anyAllowed,
    },
    {
      title: "WORST",
      cell: worstCell,
      flexible: true,
      paint: (text, { archive, worst }, style) => {
        if (archive?.fault) return style.red(text);
        return worst === undefined ? style.green(text) : paintSeverity(text, worst.severity, style);
      },
    },
    { title: "ARCHIVE", cell: ({ archive }) => archive?.path ?? "–", flexible: "middle" },
  ];
}

function nameCell({ archive }: Row): string {
  if (archive === null) return "archives together";
  const name = nameOf(archive);
  return name === archive.path ? "–" : name;
}

function size(archive: ArchiveAudit | null): string {
  return archive === null || archive.sizeBytes === null ? "–" : formatBytes(archive.sizeBytes);
}

function worstCell({ archive, worst }: Row): string {
  if (archive?.fault) return archive.fault.kind === "refused" ? "✗ refused" : "✗ not read";
  if (worst === undefined) return "✓ nothing found";
  return `${severityWords(worst.severity)} ${worst.ruleId}`;
}

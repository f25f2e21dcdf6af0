import { parseTime } from "../../base/time.ts";
import type { SurveyedReport } from "./survey.ts";

/** Reports of one node that count, and the older ones that they replace. */
export interface NodeReports {
  node: string | null;
  /** One for each scope; the ones that searched memory first, then the newest first. */
  current: SurveyedReport[];
  /** Older reports of the same scopes, the newest first. */
  past: SurveyedReport[];
}

/**
 * Which reports count: of each node the newest whole one of each scope. A report that breaks off
 * replaces none, and counts beside the others as far as it goes; a report that does not name its
 * node stands for itself. Sorted by node.
 */
export function chooseReports(reports: readonly SurveyedReport[]): NodeReports[] {
  const nodes = new Map<string, SurveyedReport[]>();
  for (const report of reports) {
    if (report.auditedAt === "") continue;
    const { path } = report.file;
    const key = report.node === null ? `file ${path} ${report.offset}` : `node ${report.node}`;
    const known = nodes.get(key);
    if (known === undefined) nodes.set(key, [report]);
    else known.push(report);
  }
  const chosen = [...nodes.values()].map(ofNode);
  return chosen.sort((a, b) => compareTexts(nameOf(a), nameOf(b)));
}

function ofNode(reports: readonly SurveyedReport[]): NodeReports {
  const current = new Map<string, SurveyedReport>();
  const past: SurveyedReport[] = [];
  // Of two that were made in the same second, what was named last.
  const sorted = reports.map((report, at) => ({ report, at }));
  sorted.sort((a, b) => timeOf(b.report) - timeOf(a.report) || b.at - a.at);
  for (const { report } of sorted) {
    const scope = JSON.stringify(report.scope);
    if (current.has(scope)) past.push(report);
    else current.set(report.whole ? scope : `${scope} ${past.length} ${current.size}`, report);
  }
  const searched = ({ scope }: SurveyedReport): number => (scope?.memory === true ? 0 : 1);
  const counting = [...current.values()].sort((a, b) => searched(a) - searched(b));
  return { node: reports[0]?.node ?? null, current: counting, past };
}

function timeOf({ auditedAt }: SurveyedReport): number {
  return parseTime(auditedAt) ?? 0;
}

function nameOf({ node, current }: NodeReports): string {
  // What names no node comes last.
  return node === null ? `\uffff${current[0]?.file.path}` : node;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

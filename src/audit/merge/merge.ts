import { ArchiveError, type Fault } from "../../base/errors.ts";
import { type Problem, ProblemLog } from "../../base/problem.ts";
import { parseTime } from "../../base/time.ts";
import { formatCount } from "../../base/units.ts";
import { chooseReports } from "./choose.ts";
import type { Entry } from "./read-report.ts";
import { readEntries } from "./report-entries.ts";
import { type SettledReport, settleNode } from "./settle.ts";
import type { SurveyedReport } from "./survey.ts";
import { addTotals, emptyTotals, type Totals } from "./totals.ts";

/** A report that has a part in a merge. */
export interface MergedSource {
  /** Null where it does not say. */
  node: string | null;
  /** The file that it came from, as it was named. */
  path: string;
  /** RFC 3339. */
  auditedAt: string;
  /** Of what the merge tells of it. */
  totals: Totals;
}

/** An entry, and the report that tells it by its place in `sources`. */
export type MergedEntry = Exclude<Entry, { kind: "problem" }> & { source: number };

/** One report of many: sums at once, entries as they are read again. */
export interface MergedReport {
  /** When the newest of them was made, RFC 3339; null where there is none. */
  auditedAt: string | null;
  /** In the order of their nodes; a node has several where it was asked several questions. */
  sources: MergedSource[];
  /** Reports that newer ones of the same node and scope replace. */
  replaced: number;
  totals: Totals;
  /** What is to be said of reports: those that are broken, and what audits said of themselves. */
  problems: Problem[];
  /** Reports that could not be read, or not whole. */
  faults: Fault[];
  /** In the order of `sources`, each report in its own. Every call reads all reports again. */
  entries(): AsyncGenerator<MergedEntry>;
}

/** A surveyed report takes some two kilobytes. */
const mostReports = 50_000;

/**
 * Makes one report of many. Needs memory for the head of each report and for one entry, and reads
 * the reports again for their entries.
 * @param missed files that could not be opened
 */
export async function mergeReports(
  surveyed: readonly SurveyedReport[],
  missed: readonly Fault[] = [],
): Promise<MergedReport> {
  const nodes = chooseReports(surveyed);
  const settled: SettledReport[] = [];
  for (const node of nodes) settled.push(...(await settleNode(node)));
  const faults = [...missed, ...surveyed.flatMap((report) => report.faults)];
  const totals = emptyTotals();
  for (const one of settled) addTotals(totals, one.totals);
  const used = new Set(settled.map(({ report }) => report));
  const readable = surveyed.filter(({ auditedAt }) => auditedAt !== "");
  return {
    auditedAt: newest(settled),
    sources: settled.map(({ report: { node, file, auditedAt }, totals: own }) => ({
      node,
      path: file.path,
      auditedAt,
      totals: own,
    })),
    replaced: readable.filter((report) => !used.has(report)).length,
    totals,
    problems: problemsOf(faults, settled),
    faults,
    entries: () => tell(settled),
  };
}

/** @throws ArchiveError for more reports than are kept in mind */
export function checkReports(count: number): void {
  if (count <= mostReports) return;
  throw new ArchiveError({
    code: "many-reports",
    what: "there are more reports than one merge takes",
    found: `more than ${formatCount(mostReports)}`,
    allowed: formatCount(mostReports),
    next: "leave the older reports of each node out",
  });
}

async function* tell(settled: readonly SettledReport[]): AsyncGenerator<MergedEntry> {
  for (const [source, { report, tells }] of settled.entries()) {
    for await (const entry of readEntries(report)) {
      if (entry.kind === "problem" || entry.kind === "faulty") continue;
      if (tells === undefined || tells(entry)) yield { ...entry, source };
    }
  }
}

function newest(settled: readonly SettledReport[]): string | null {
  let last: string | null = null;
  for (const { report } of settled) {
    const { auditedAt } = report;
    if (last === null || (parseTime(auditedAt) ?? 0) > (parseTime(last) ?? 0)) last = auditedAt;
  }
  return last;
}

/** Faults of reports, then what audits said of themselves: what many say alike is told once. */
function problemsOf(faults: readonly Fault[], settled: readonly SettledReport[]): Problem[] {
  const log = new ProblemLog();
  for (const fault of faults) log.addFault(fault.detail.code ?? "report-unreadable", fault);
  const alike = new Map<string, { problem: Problem; nodes: Set<string | null> }>();
  for (const { report } of settled) {
    for (const problem of report.problems) {
      const key = `${problem.code} ${problem.message}`;
      const known = alike.get(key) ?? { problem, nodes: new Set() };
      known.nodes.add(report.node);
      alike.set(key, known);
    }
  }
  for (const { problem, nodes } of alike.values()) log.add(ofNodes(problem, nodes));
  return log.list();
}

function ofNodes(problem: Problem, nodes: ReadonlySet<string | null>): Problem {
  if (nodes.size > 1) {
    return { ...problem, message: `${problem.message} (on ${formatCount(nodes.size)} nodes)` };
  }
  const [node] = nodes;
  return node == null ? problem : { ...problem, where: { ...problem.where, node } };
}

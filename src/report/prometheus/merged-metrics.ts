import type { MergedReport } from "../../audit/merge/merge.ts";
import type { RuleText } from "../../audit/rule.ts";
import type { RuleCounts } from "../../audit/run/figures.ts";
import { parseTime } from "../../base/time.ts";
import { version } from "../../base/version.ts";
import { severityOrder } from "../audit-words.ts";
import { type Metric, renderExposition, type Sample } from "./exposition.ts";
import { byLabel, type MetricName, metric, ruleFindings, seconds } from "./metrics.ts";

type Source = MergedReport["sources"][number];

/**
 * A merged report in Prometheus's text format: sums of each node, with its name as a label, and of
 * each rule over all nodes.
 * @param counts an empty one
 * @param rules all that there are; others, which only a strange report has, count as `other`
 */
export async function* renderMergedMetrics(
  merged: MergedReport,
  counts: RuleCounts,
  rules: readonly RuleText[],
): AsyncGenerator<string> {
  const known = new Set(rules.map(({ id }) => id));
  const ruled = (ruleId: string): string => (known.has(ruleId) ? ruleId : "other");
  for await (const { kind, value } of merged.entries()) {
    if (kind === "unchanged") continue;
    const findings = kind === "archive" ? value.findings : [value];
    counts.add(findings.map((finding) => ({ ...finding, ruleId: ruled(finding.ruleId) })));
  }
  yield* renderExposition(mergedMetrics(merged, counts));
}

function* mergedMetrics(merged: MergedReport, counts: RuleCounts): Generator<Metric> {
  const { sources, replaced, faults } = merged;
  const nodes = byNode(sources);
  const ofNodes = (name: MetricName, measure: (of: readonly Source[]) => number | null): Metric => {
    const samples = [...nodes].flatMap(([node, own]): Sample[] => {
      const value = measure(own);
      return value === null ? [] : [{ labels: { node }, value }];
    });
    return metric(name, samples);
  };
  const states: [string, number][] = [
    ["merged", sources.length],
    ["replaced", replaced],
    ["faulty", new Set(faults.map(({ detail }) => detail.where?.path)).size],
  ];
  yield metric("cryoscope_build_info", [{ labels: { version }, value: 1 }]);
  yield metric("cryoscope_reports", byLabel("state", states));
  yield ofNodes("cryoscope_audit_last_run_timestamp_seconds", (of) =>
    seconds(Math.max(...of.map(({ auditedAt }) => parseTime(auditedAt) ?? 0))),
  );
  yield metric(
    "cryoscope_audit_archives",
    [...nodes].flatMap(([node, of]) => byLabel("result", results(of), { node })),
  );
  yield ofNodes("cryoscope_archives", (of) =>
    sum(of, ({ totals }) => totals.archives + totals.unchanged),
  );
  yield ofNodes("cryoscope_archive_bytes", (of) => sum(of, ({ totals }) => totals.bytes));
  yield ofNodes("cryoscope_archive_oldest_timestamp_seconds", (of) =>
    seconds(Math.min(...of.map(({ totals }) => totals.oldest ?? Number.POSITIVE_INFINITY))),
  );
  yield ofNodes("cryoscope_archive_newest_timestamp_seconds", (of) =>
    seconds(Math.max(...of.map(({ totals }) => totals.newest ?? Number.NEGATIVE_INFINITY))),
  );
  yield metric(
    "cryoscope_findings",
    [...nodes].flatMap(([node, of]) => byLabel("severity", found(of), { node })),
  );
  yield ofNodes("cryoscope_findings_allowed", (of) =>
    sum(of, ({ totals }) => totals.counts.allowed + totals.unchangedCounts.allowed),
  );
  yield ruleFindings(counts);
}

/** A node may have several reports. What names no node is together under none. */
function byNode(sources: readonly Source[]): Map<string, Source[]> {
  const nodes = new Map<string, Source[]>();
  for (const source of sources) {
    const node = source.node ?? "";
    const known = nodes.get(node);
    if (known === undefined) nodes.set(node, [source]);
    else known.push(source);
  }
  return nodes;
}

function results(of: readonly Source[]): [string, number][] {
  const not = sum(of, ({ totals }) => totals.refused + totals.broken + totals.partly);
  return [
    ["whole", sum(of, ({ totals }) => totals.archives) - not],
    ["incomplete", sum(of, ({ totals }) => totals.partly)],
    ["unreadable", sum(of, ({ totals }) => totals.broken)],
    ["refused", sum(of, ({ totals }) => totals.refused)],
    ["unchanged", sum(of, ({ totals }) => totals.unchanged)],
  ];
}

function found(of: readonly Source[]): [string, number][] {
  return severityOrder.map((severity) => [
    severity,
    sum(
      of,
      ({ totals: { counts, unchangedCounts } }) =>
        counts.bySeverity[severity] + unchangedCounts.bySeverity[severity],
    ),
  ]);
}

function sum(of: readonly Source[], measure: (source: Source) => number): number {
  return of.reduce((total, source) => total + measure(source), 0);
}

import type { AuditReport } from "../../audit/audit.ts";
import type { Holding } from "../../audit/housekeeping/holding.ts";
import type { RunFigures } from "../../audit/run/figures.ts";
import { version } from "../../base/version.ts";
import { isPartly } from "../audit-counts.ts";
import { severityOrder } from "../audit-words.ts";
import { type Metric, renderExposition, type Sample } from "./exposition.ts";
import { byLabel, metric, ruleFindings, seconds, single } from "./metrics.ts";

/** An audit in Prometheus's text format: what lies there, and what was found. */
export function renderAuditMetrics(report: AuditReport, figures: RunFigures): Generator<string> {
  return renderExposition(auditMetrics(report, figures));
}

function* auditMetrics(report: AuditReport, figures: RunFigures): Generator<Metric> {
  const { counts, unchanged } = report;
  const { holdings, folders, rules, startedAt, endedAt } = figures;
  yield metric("cryoscope_build_info", [{ labels: { version }, value: 1 }]);
  yield single("cryoscope_audit_last_run_timestamp_seconds", startedAt / 1000);
  yield single("cryoscope_audit_duration_seconds", (endedAt - startedAt) / 1000);
  yield metric("cryoscope_audit_archives", byLabel("result", results(report)));

  const lying = folders.map(({ path }): [string, Holding[]] => [
    path,
    holdings.filter(({ folder }) => folder === path),
  ]);
  const ofFolders = (measure: (held: Holding[]) => number | null): Sample[] =>
    lying.flatMap(([folder, held]) => {
      const value = measure(held);
      return value === null ? [] : [{ labels: { folder }, value }];
    });
  yield metric(
    "cryoscope_archives",
    ofFolders((held) => held.length),
  );
  yield metric(
    "cryoscope_archive_bytes",
    ofFolders((held) => held.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
  );
  const since = (held: Holding[]): number[] => held.map((one) => lyingSince(one, startedAt));
  yield metric(
    "cryoscope_archive_oldest_timestamp_seconds",
    ofFolders((held) => seconds(since(held).reduce(least, Number.POSITIVE_INFINITY))),
  );
  yield metric(
    "cryoscope_archive_newest_timestamp_seconds",
    ofFolders((held) => seconds(since(held).reduce(most, Number.NEGATIVE_INFINITY))),
  );
  const disk = (value: "freeBytes" | "totalBytes"): Sample[] =>
    folders.flatMap(({ path: folder, [value]: bytes }) =>
      bytes === null ? [] : [{ labels: { folder }, value: bytes }],
    );
  yield metric("cryoscope_folder_free_bytes", disk("freeBytes"));
  yield metric("cryoscope_folder_size_bytes", disk("totalBytes"));

  const all = [counts, ...unchanged.map((one) => one.counts)];
  const found = severityOrder.map((severity): [string, number] => [
    severity,
    all.reduce((sum, { bySeverity }) => sum + bySeverity[severity], 0),
  ]);
  yield metric("cryoscope_findings", byLabel("severity", found));
  yield single(
    "cryoscope_findings_allowed",
    all.reduce((sum, { allowed }) => sum + allowed, 0),
  );
  yield ruleFindings(rules);
}

function results({ archives, unchanged }: AuditReport): [string, number][] {
  const counts = { whole: 0, incomplete: 0, unreadable: 0, refused: 0 };
  for (const archive of archives) {
    const { fault } = archive;
    if (fault !== null) counts[fault.kind === "refused" ? "refused" : "unreadable"] += 1;
    else counts[isPartly(archive) ? "incomplete" : "whole"] += 1;
  }
  return [...Object.entries(counts), ["unchanged", unchanged.length]];
}

/** As the rules for old archives count it: what an archive says of itself makes it younger only. */
function lyingSince({ modifiedAt, checkpointedAt }: Holding, now: number): number {
  return Math.min(now, Math.max(modifiedAt, Math.min(checkpointedAt ?? 0, now)));
}

const least = (a: number, b: number): number => Math.min(a, b);
const most = (a: number, b: number): number => Math.max(a, b);

import type { RuleCounts } from "../../audit/run/figures.ts";
import type { Metric, Sample } from "./exposition.ts";

/** Names and words of our metrics: the same for one node and for many. */
const words = {
  cryoscope_build_info: "A constant 1 with the version that made these figures.",
  cryoscope_audit_last_run_timestamp_seconds: "When the last audit began, seconds since 1970.",
  cryoscope_audit_duration_seconds: "How long the last audit took.",
  cryoscope_audit_archives:
    "Archives of the last audit by result: whole, incomplete (not read whole), unreadable, refused (others could read or change them), unchanged (not looked at again).",
  cryoscope_archives: "Archives that lie there.",
  cryoscope_archive_bytes: "Bytes of the archives that lie there.",
  cryoscope_archive_oldest_timestamp_seconds:
    "Since when the oldest archive lies there, seconds since 1970; of a merge, when it was made. Its age is time() less this.",
  cryoscope_archive_newest_timestamp_seconds:
    "Since when the newest archive lies there, seconds since 1970; of a merge, when it was made.",
  cryoscope_folder_free_bytes: "Free bytes of the file system that the folder is in.",
  cryoscope_folder_size_bytes: "Bytes of the file system that the folder is in.",
  cryoscope_findings:
    "Findings by severity, without those that the policy allows; those of unchanged archives are in it.",
  cryoscope_findings_allowed: "Findings that the policy allows.",
  cryoscope_rule_findings:
    "Findings of the archives that the last audit looked at, by rule; a rule without findings is not listed.",
  cryoscope_reports:
    "Reports of a merge by state: merged, replaced (by newer ones), faulty (not read, or not whole).",
} as const;

export type MetricName = keyof typeof words;

export function metric(name: MetricName, samples: readonly Sample[]): Metric {
  return { name, help: words[name], samples };
}

/** A metric of one value; none where it is not known. */
export function single(name: MetricName, value: number | null): Metric {
  return metric(name, value === null ? [] : [{ value }]);
}

/** Values by one label, in the order in which they are given. */
export function byLabel(
  label: string,
  values: Iterable<readonly [string, number]>,
  more: Readonly<Record<string, string>> = {},
): Sample[] {
  return [...values].map(([text, value]) => ({ labels: { ...more, [label]: text }, value }));
}

/** Findings by rule and severity. */
export function ruleFindings(counts: RuleCounts): Metric {
  const samples = [...counts.entries()].map(({ rule, severity, count }) => ({
    labels: { rule, severity },
    value: count,
  }));
  return metric("cryoscope_rule_findings", samples);
}

/** Milliseconds as Prometheus has times; null where there is none. */
export function seconds(milliseconds: number): number | null {
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : null;
}

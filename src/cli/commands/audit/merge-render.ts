import { everyRule } from "../../../audit/every-rule.ts";
import type { MergedReport } from "../../../audit/merge/merge.ts";
import { RuleCounts } from "../../../audit/run/figures.ts";
import { version } from "../../../base/version.ts";
import { type MergedOptions, renderMergedJson } from "../../../report/merged/json.ts";
import type { Io } from "../../io.ts";
import { tableOptions } from "../../output.ts";
import type { AuditCommandOptions } from "./options.ts";

/** A merged report in the form that was asked for, in pieces. */
export async function* renderMerged(
  merged: MergedReport,
  told: MergedOptions,
  options: AuditCommandOptions,
  io: Io,
): AsyncGenerator<string> {
  const { output } = options;
  if (output === "json") {
    yield* renderMergedJson(merged, told);
  } else if (output === "yaml") {
    const { renderMergedYaml } = await import("../../../report/merged/yaml.ts");
    yield* renderMergedYaml(merged, told);
  } else if (output === "sarif") {
    const { renderMergedSarif } = await import("../../../report/merged/sarif.ts");
    yield* renderMergedSarif(merged, everyRule);
  } else if (output === "junit") {
    const { renderMergedJUnit } = await import("../../../report/merged/junit.ts");
    yield* renderMergedJUnit(merged, told, everyRule);
  } else if (output === "prometheus") {
    const { renderMergedMetrics } = await import("../../../report/prometheus/merged-metrics.ts");
    yield* renderMergedMetrics(merged, new RuleCounts(), everyRule);
  } else if (output === "html") {
    const { renderMergedHtml } = await import("../../../report/merged/html.ts");
    yield* renderMergedHtml(merged, told, { version, revealed: false, rules: everyRule });
  } else {
    const { quietMerged, renderMerged: renderTable } = await import(
      "../../../report/merged/view.ts"
    );
    const table = tableOptions({ ...options, output }, io);
    if (options.quiet === true) yield* quietMerged(merged, told);
    else if (options.summary !== true) yield* renderTable(merged, told, table);
    else {
      const { renderMergedSummary } = await import("../../../report/merged/summary-view.ts");
      yield renderMergedSummary(merged, told, table);
    }
  }
}

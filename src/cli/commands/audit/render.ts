import type { AuditReport } from "../../../audit/audit.ts";
import { everyRule } from "../../../audit/every-rule.ts";
import type { Policy } from "../../../audit/policy/policy.ts";
import type { RunFigures } from "../../../audit/run/figures.ts";
import { version } from "../../../base/version.ts";
import { quietAudit, renderAudit } from "../../../report/audit-view.ts";
import type { Io } from "../../io.ts";
import { renderDocument, tableOptions } from "../../output.ts";
import type { AuditCommandOptions } from "./options.ts";

/** A report in the form that was asked for, in pieces. */
export async function renderReport(
  { report, figures }: { report: AuditReport; figures: RunFigures },
  policy: Policy,
  options: AuditCommandOptions,
  io: Io,
): Promise<Iterable<string>> {
  const { output } = options;
  if (output === "json" || output === "yaml") return renderDocument(withoutDetails(report), output);
  if (output === "sarif") {
    const { renderSarif } = await import("../../../report/sarif.ts");
    return renderSarif(report, everyRule);
  }
  if (output === "junit") {
    const { renderJUnit } = await import("../../../report/junit.ts");
    const disabled = everyRule.filter(({ id }) => policy.rules[id]?.enabled === false);
    return renderJUnit(report, everyRule, new Set(disabled.map(({ id }) => id)));
  }
  if (output === "prometheus") {
    const { renderAuditMetrics } = await import("../../../report/prometheus/audit-metrics.ts");
    return renderAuditMetrics(report, figures);
  }
  if (output === "html") {
    const { renderHtml } = await import("../../../report/html/render-html.ts");
    const revealed = options.reveal === true;
    return renderHtml(report, { version, revealed, rules: everyRule });
  }
  if (options.quiet === true) return [quietAudit(report)];
  const table = tableOptions({ ...options, output }, io);
  if (options.summary !== true) return [renderAudit(report, table)];
  const { renderAuditSummary } = await import("../../../report/audit-summary-view.ts");
  return [renderAuditSummary(report, table)];
}

/** What only the page draws stays out of documents, also where both were asked for. */
function withoutDetails(report: AuditReport): AuditReport {
  if (report.archives.every(({ details }) => details === undefined)) return report;
  return { ...report, archives: report.archives.map(({ details: _, ...archive }) => archive) };
}

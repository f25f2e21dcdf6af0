import type { ArchiveAudit } from "../audit.ts";
import { everyRule } from "../every-rule.ts";

const rules = new Map(everyRule.map((rule) => [rule.id, rule]));

/**
 * The same audit with the texts of rules as they stand in the rules: what comes from another
 * thread has copies of its own, and ten thousand archives would keep as many.
 */
export function shareTexts(audit: ArchiveAudit): ArchiveAudit {
  for (const finding of audit.findings) {
    const rule = rules.get(finding.ruleId);
    if (rule === undefined) continue;
    finding.ruleId = rule.id;
    finding.title = rule.title;
    if (finding.remedy === rule.remedy) finding.remedy = rule.remedy;
  }
  return audit;
}

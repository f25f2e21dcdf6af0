import { compareFindings, makeFinding } from "../evaluate.ts";
import type { Finding } from "../finding.ts";
import { applyAllowances } from "../policy/allow.ts";
import type { Policy } from "../policy/policy.ts";
import { housekeepingRules } from "../rules/housekeeping.ts";
import type { Household } from "./holding.ts";

/** Findings about archives together, gravest first. */
export function evaluateHousehold(household: Household, policy: Policy, now: number): Finding[] {
  const findings: Finding[] = [];
  for (const rule of housekeepingRules) {
    if (policy.rules[rule.id]?.enabled === false) continue;
    for (const sighting of rule.evaluate(household, policy, now)) {
      findings.push(makeFinding(rule, sighting, policy));
    }
  }
  return applyAllowances(findings.sort(compareFindings), policy, now);
}

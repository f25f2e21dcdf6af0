import { Fault } from "../base/errors.ts";
import { type Problem, ProblemLog } from "../base/problem.ts";
import { type Finding, findingFingerprint, type Sighting } from "./finding.ts";
import type { Policy } from "./policy/policy.ts";
import type { Rule, RuleText } from "./rule.ts";
import { severities } from "./severity.ts";
import type { Subject } from "./subject.ts";

/** Sightings of one rule that are told one by one; a hostile archive could have millions. */
const mostSightings = 200;
/** Places of one finding that are told. */
const mostPlaces = 100;

export interface Evaluation {
  /** Gravest first, then by rule and by what they are about: the same in every run. */
  findings: Finding[];
  /** What kept a rule from being asked to its end. */
  problems: Problem[];
}

/** Asks the rules that the policy does not switch off, one after the other. */
export async function evaluate(subject: Subject, rules: readonly Rule[]): Promise<Evaluation> {
  const findings: Finding[] = [];
  const problems = new ProblemLog();
  for (const rule of rules) {
    if (subject.policy.rules[rule.id]?.enabled === false) continue;
    try {
      findings.push(...(await askRule(rule, subject, problems)));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      problems.addFault("rule-not-asked", error);
    }
  }
  return { findings: findings.sort(compareFindings), problems: problems.list() };
}

async function askRule(rule: Rule, subject: Subject, problems: ProblemLog): Promise<Finding[]> {
  const found = new Map<string, Finding>();
  for await (const sighting of rule.evaluate(subject)) {
    const known = found.get(sighting.key);
    if (known !== undefined) {
      known.places = [...known.places, ...(sighting.places ?? [])].slice(0, mostPlaces);
    } else if (found.size === mostSightings) {
      problems.add({
        severity: "warning",
        code: "too-many-findings",
        message: `rule ${rule.id} has more than ${mostSightings} findings here; the rest is not listed`,
      });
      break;
    } else {
      found.set(sighting.key, makeFinding(rule, sighting, subject.policy));
    }
  }
  return [...found.values()];
}

/** A sighting as the policy sees it. */
export function makeFinding(rule: RuleText, sighting: Sighting, policy: Policy): Finding {
  return {
    ruleId: rule.id,
    group: rule.id.slice(0, rule.id.indexOf("/")),
    title: rule.title,
    severity: policy.rules[rule.id]?.severity ?? sighting.severity ?? rule.severity,
    message: sighting.message,
    remedy: sighting.remedy ?? rule.remedy,
    fingerprint: findingFingerprint(rule.id, sighting.key),
    places: (sighting.places ?? []).slice(0, mostPlaces),
    facts: sighting.facts ?? {},
    secret: sighting.secret ?? null,
    allowed: null,
  };
}

/** The order of reports: gravest first, and the same in every run. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    byText(a.ruleId, b.ruleId) ||
    byText(a.message, b.message) ||
    byText(a.fingerprint, b.fingerprint)
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { Fault } from "../base/errors.ts";
import { type Problem, ProblemLog } from "../base/problem.ts";
import { type Finding, findingFingerprint, type Sighting } from "./finding.ts";
import type { Policy } from "./policy/policy.ts";
import type { Rule, RuleText } from "./rule.ts";
import { atLeast, type Severity, severities } from "./severity.ts";
import type { Subject } from "./subject.ts";

/** Findings of one rule and severity that are told one by one; an archive may be made to have millions. */
const mostFindings = 200;
/** Places of one finding that are told. */
const mostPlaces = 100;

interface Evaluation {
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
    findings.push(...(await askRule(rule, subject, problems)));
  }
  return { findings: findings.sort(compareFindings), problems: problems.list() };
}

/** What a rule sees; where it fails, what it saw before that. */
async function askRule(rule: Rule, subject: Subject, problems: ProblemLog): Promise<Finding[]> {
  const found = new Findings(rule, subject.policy);
  try {
    for await (const sighting of rule.evaluate(subject)) found.add(sighting);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    problems.addFault("rule-not-asked", error);
  }
  if (found.cut) {
    problems.add({
      severity: "warning",
      code: "too-many-findings",
      message: `rule ${rule.id} has more than ${mostFindings} findings of one severity here; the rest is not listed`,
    });
  }
  return found.list();
}

/** The findings of one rule. Each severity has room of its own, so that noise hides nothing graver. */
class Findings {
  cut = false;
  readonly #rule: RuleText;
  readonly #policy: Policy;
  readonly #byKey = new Map<string, Finding>();
  readonly #counts = new Map<Severity, number>();

  constructor(rule: RuleText, policy: Policy) {
    this.#rule = rule;
    this.#policy = policy;
  }

  add(sighting: Sighting): void {
    const severity = severityOf(this.#rule, sighting, this.#policy);
    const known = this.#byKey.get(sighting.key);
    if (known !== undefined) {
      known.places = [...known.places, ...(sighting.places ?? [])].slice(0, mostPlaces);
      if (atLeast(severity, known.severity)) known.severity = severity;
      return;
    }
    const count = this.#counts.get(severity) ?? 0;
    if (count === mostFindings) {
      this.cut = true;
      return;
    }
    this.#counts.set(severity, count + 1);
    this.#byKey.set(sighting.key, makeFinding(this.#rule, sighting, this.#policy));
  }

  list(): Finding[] {
    return [...this.#byKey.values()];
  }
}

function severityOf(rule: RuleText, { severity }: Sighting, policy: Policy): Severity {
  return policy.rules[rule.id]?.severity ?? severity ?? rule.severity;
}

/** A sighting as the policy sees it. */
export function makeFinding(rule: RuleText, sighting: Sighting, policy: Policy): Finding {
  return {
    ruleId: rule.id,
    group: rule.id.slice(0, rule.id.indexOf("/")),
    title: rule.title,
    severity: severityOf(rule, sighting, policy),
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

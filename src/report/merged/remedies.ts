import type { Finding } from "../../audit/finding.ts";
import { isAtLeast } from "../audit-words.ts";

/** Rules, and remedies of one rule, that are kept. There are a hundred rules; reports may lie. */
const mostRules = 500;
const mostRemedies = 50;

/** One finding for each remedy of each rule, so that what to do can be told behind a million findings. */
export class Remedies {
  readonly #rules = new Map<string, Map<string, Finding>>();

  add(findings: readonly Finding[]): void {
    for (const finding of findings) if (finding.allowed === null) this.#add(finding);
  }

  #add(finding: Finding): void {
    const { ruleId, remedy, severity } = finding;
    let known = this.#rules.get(ruleId);
    if (known === undefined) {
      if (this.#rules.size >= mostRules) return;
      known = new Map();
      this.#rules.set(ruleId, known);
    }
    const same = known.get(remedy);
    if (same === undefined && known.size >= mostRemedies) return;
    if (same !== undefined && isAtLeast(same.severity, severity)) return;
    known.set(remedy, { ...finding, places: [], facts: {} });
  }

  findings(): Finding[] {
    return [...this.#rules.values()].flatMap((remedies) => [...remedies.values()]);
  }
}

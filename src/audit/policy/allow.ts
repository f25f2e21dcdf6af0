import type { Problem } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import type { Finding, FindingPlace } from "../finding.ts";
import { parseExpiry } from "./forms.ts";
import { compilePattern } from "./pattern.ts";
import type { AllowEntry, Policy } from "./policy.ts";

/** Entries whose fault is told one by one. */
const mostTold = 20;

/**
 * Findings as the policy's allow-list sees them: those that an entry fits have `allowed`. An entry
 * that expired allows nothing.
 * @param now milliseconds since 1970
 */
export function applyAllowances(
  findings: readonly Finding[],
  policy: Policy,
  now: number,
): Finding[] {
  const list = allowList(policy);
  return findings.map((finding) => {
    for (const at of list.fitting(finding)) {
      const entry = policy.allow[at] as AllowEntry;
      if (hasExpired(entry, now)) continue;
      return { ...finding, allowed: { reason: entry.reason, expires: entry.expires ?? null } };
    }
    return finding;
  });
}

/**
 * What is to be said of the allow-list once everything was found: entries that expired, and entries
 * that fit no finding and could go.
 * @param findings of all archives together
 */
export function allowanceProblems(
  findings: Iterable<Finding>,
  policy: Policy,
  now: number,
): Problem[] {
  const list = allowList(policy);
  const fits = policy.allow.map(() => 0);
  for (const finding of findings) {
    for (const at of list.fitting(finding)) fits[at] = (fits[at] as number) + 1;
  }
  const problems = policy.allow.flatMap((entry, at): Problem[] => {
    const count = fits[at] as number;
    const name = `allowance ${at + 1} of the policy (${entry.reason})`;
    if (hasExpired(entry, now)) return [expired(name, entry, count)];
    if (count > 0) return [];
    return [{ severity: "note", code: "allowance-unused", message: `${name} fits no finding` }];
  });
  // Warnings first: a list of notes must not hide them.
  problems.sort((a, b) => Number(a.severity === "note") - Number(b.severity === "note"));
  const more = problems.length - mostTold;
  if (more <= 0) return problems;
  const message = `${formatCount(more)} further allowances expired or fit no finding`;
  return [...problems.slice(0, mostTold), { severity: "note", code: "allowance-unused", message }];
}

function expired(name: string, entry: AllowEntry, count: number): Problem {
  const ended = `${name} expired: ${entry.expires}`;
  if (count === 0) {
    return { severity: "note", code: "allowance-expired", message: `${ended}; it fits no finding` };
  }
  const findings = count === 1 ? "1 finding counts" : `${formatCount(count)} findings count`;
  return {
    severity: "warning",
    code: "allowance-expired",
    message: `${ended}; ${findings} again`,
  };
}

function hasExpired({ expires }: AllowEntry, now: number): boolean {
  return expires !== undefined && now >= (parseExpiry(expires) ?? 0);
}

/** The entries of a policy, ready to be asked: most name a fingerprint and are found by it. */
class AllowList {
  readonly #byFingerprint = new Map<string, number[]>();
  readonly #others: number[] = [];
  readonly #conditions: ((finding: Finding) => boolean)[];

  constructor(entries: readonly AllowEntry[]) {
    this.#conditions = entries.map(conditionOf);
    for (const [at, { fingerprint }] of entries.entries()) {
      if (fingerprint === undefined) this.#others.push(at);
      else this.#byFingerprint.set(fingerprint, [...this.#named(fingerprint), at]);
    }
  }

  #named(fingerprint: string | undefined): readonly number[] {
    return fingerprint === undefined ? [] : (this.#byFingerprint.get(fingerprint) ?? []);
  }

  /** Numbers of the entries that fit a finding, in the order of the policy. */
  fitting(finding: Finding): number[] {
    const asked = [
      ...this.#named(finding.fingerprint),
      ...this.#named(finding.secret?.fingerprint),
      ...this.#others,
    ];
    return asked.filter((at) => this.#conditions[at]?.(finding) === true).sort((a, b) => a - b);
  }
}

const lists = new WeakMap<Policy, AllowList>();

function allowList(policy: Policy): AllowList {
  const known = lists.get(policy);
  if (known !== undefined) return known;
  const made = new AllowList(policy.allow);
  lists.set(policy, made);
  return made;
}

/** Does a finding meet all conditions of an entry but its fingerprint? */
function conditionOf({ rule, detector, path }: AllowEntry): (finding: Finding) => boolean {
  const isRule = rule === undefined ? undefined : compilePattern(rule);
  const isPath = path === undefined ? undefined : compilePattern(path);
  return ({ ruleId, secret, places }) => {
    if (isRule !== undefined && !isRule(ruleId)) return false;
    if (detector !== undefined && secret?.detector !== detector) return false;
    return isPath === undefined || (places.length > 0 && places.every((it) => liesIn(it, isPath)));
  };
}

function liesIn(place: FindingPlace, isPath: (text: string) => boolean): boolean {
  const { path, member, mapping } = place;
  return [path, member, mapping].some((text) => text !== undefined && isPath(text));
}

import type { PolicyPatch } from "./patch.ts";
import type { OwnDetector, Policy, RuleSetting } from "./policy.ts";

/**
 * Lays what a file says over the policy that it extends, or over the default policy. Sections are
 * merged by key. A value replaces the one before; a null limit or expectation is none. Lists of
 * `expect` replace; `allow`, `keep`, `secrets.disabled` and `secrets.own` add, an own detector replaces one
 * of the same id. `rules.ID: null` takes back what was said of a rule.
 */
export function mergePolicy(base: Policy, patch: PolicyPatch): Policy {
  return {
    failOn: patch.failOn ?? base.failOn,
    rules: mergeRules(base.rules, patch.rules),
    thresholds: { ...base.thresholds, ...patch.thresholds },
    expect: { ...base.expect, ...patch.expect },
    secrets: {
      disabled: [...new Set([...base.secrets.disabled, ...patch.disabled])],
      own: mergeOwn(base.secrets.own, patch.own),
    },
    allow: [...base.allow, ...patch.allow],
    keep: [...new Set([...base.keep, ...patch.keep])],
  };
}

function mergeRules(base: Policy["rules"], said: PolicyPatch["rules"]): Policy["rules"] {
  const rules = new Map<string, RuleSetting>(Object.entries(base));
  for (const [id, setting] of said) {
    if (setting === null) rules.delete(id);
    else rules.set(id, { ...rules.get(id), ...setting });
  }
  return Object.fromEntries(rules);
}

function mergeOwn(base: readonly OwnDetector[], said: readonly OwnDetector[]): OwnDetector[] {
  return [...new Map([...base, ...said].map((detector) => [detector.id, detector])).values()];
}

import { matchesAny } from "../policy/pattern.ts";
import type { Policy, RuleSetting } from "../policy/policy.ts";
import type { RuleText } from "../rule.ts";

/**
 * The policy under which only chosen rules are asked.
 * @param only patterns of ids (`attack/*`); all rules where there is none
 * @param skip patterns of ids that are not asked
 * @returns the policy, and patterns that no rule fits
 */
export function chooseRules(
  policy: Policy,
  known: readonly RuleText[],
  { only, skip }: { only: readonly string[]; skip: readonly string[] },
): { policy: Policy; unknown: string[] } {
  const rules: Record<string, RuleSetting> = { ...policy.rules };
  for (const { id } of known) {
    const wanted = only.length === 0 || only.some((pattern) => fits(pattern, id));
    if (wanted && !skip.some((pattern) => fits(pattern, id))) continue;
    rules[id] = { ...rules[id], enabled: false };
  }
  const unknown = [...only, ...skip].filter(
    (pattern) => !known.some(({ id }) => fits(pattern, id)),
  );
  return { policy: { ...policy, rules }, unknown };
}

/** A group's name stands for all of its rules. */
function fits(pattern: string, id: string): boolean {
  return matchesAny([pattern], id) || id.startsWith(`${pattern}/`);
}

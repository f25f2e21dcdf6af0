import { refusalRules } from "./refused.ts";
import type { RuleText } from "./rule.ts";
import { housekeepingRules } from "./rules/housekeeping.ts";
import { changedWhileRead } from "./rules/integrity/changed-while-read.ts";
import { unreadable } from "./rules/integrity/unreadable.ts";
import { archiveRules } from "./rules.ts";

/** Every rule that a finding can be of: about one archive, about reading it, about many. */
export const everyRule: readonly RuleText[] = [
  ...archiveRules,
  ...refusalRules,
  unreadable,
  changedWhileRead,
  ...housekeepingRules,
];

import type { Rule } from "./rule.ts";
import { attackRules } from "./rules/attack.ts";
import { exposureRules } from "./rules/exposure.ts";
import { hostileRules } from "./rules/hostile.ts";
import { integrityRules } from "./rules/integrity.ts";
import { lockedDownRules } from "./rules/locked-down.ts";
import { restoreRules } from "./rules/restore.ts";
import { secretsRules } from "./rules/secrets.ts";

/** Every rule about one archive, in the order of reports. What is about many: housekeeping. */
export const archiveRules: readonly Rule[] = [
  ...lockedDownRules,
  ...integrityRules,
  ...hostileRules,
  ...exposureRules,
  ...attackRules,
  ...secretsRules,
  ...restoreRules,
];

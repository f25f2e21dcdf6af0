import type { Rule } from "../rule.ts";

/** Rules of the group `locked-down`; each is a file of its own in the folder of that name. */
export const lockedDownRules: readonly Rule[] = [];

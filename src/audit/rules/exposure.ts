import type { Rule } from "../rule.ts";

/** Rules of the group `exposure`; each is a file of its own in the folder of that name. */
export const exposureRules: readonly Rule[] = [];

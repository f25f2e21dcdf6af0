import type { Rule } from "../rule.ts";

/** Rules of the group `restore`; each is a file of its own in the folder of that name. */
export const restoreRules: readonly Rule[] = [];

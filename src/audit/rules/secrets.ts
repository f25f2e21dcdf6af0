import type { Rule } from "../rule.ts";

/** Rules of the group `secrets`; each is a file of its own in the folder of that name. */
export const secretsRules: readonly Rule[] = [];

import { laxitySighting } from "../../facts/laxity.ts";
import { problemsOf } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const owner: Rule = {
  id: "locked-down/owner",
  title: "Archive belongs to another user",
  severity: "high",
  looksAt: "owner of the archive, on the open descriptor",
  why: "Whoever owns the archive reads all of the container's memory, and can put another in its place, which then runs on the node with the container's rights.",
  remedy: "Have root take it over: `cryoscope secure ARCHIVE`.",
  async *evaluate(subject) {
    for (const problem of await problemsOf(subject, owner.id)) yield laxitySighting(problem);
  },
};

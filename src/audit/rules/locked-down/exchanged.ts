import { laxitySighting } from "../../facts/laxity.ts";
import { problemsOf } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const exchanged: Rule = {
  id: "locked-down/exchanged",
  title: "Archive was exchanged while it was opened",
  severity: "critical",
  looksAt: "the open file, and the file that lies at its path",
  why: "Another file lies where the archive was a moment ago. Somebody is changing files there, and what was audited need not be what will be restored.",
  remedy: "Find out who writes to the folder, lock it down, and audit again.",
  async *evaluate(subject) {
    for (const problem of await problemsOf(subject, exchanged.id)) yield laxitySighting(problem);
  },
};

import type { RuleText } from "../../rule.ts";

/** Told of what the gate refuses; see `refused.ts`. */
export const specialFile: RuleText = {
  id: "locked-down/special-file",
  title: "What is named as an archive is no file",
  severity: "high",
  looksAt: "type of what lies at the archive's path",
  why: "A named pipe, socket or device where an archive belongs keeps scripts waiting for ever, or feeds each of them something else.",
  remedy: "Find out who put it there, and delete it.",
};

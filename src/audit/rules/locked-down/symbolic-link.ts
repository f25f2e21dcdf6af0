import type { RuleText } from "../../rule.ts";

/** Told of what the gate refuses; see `refused.ts`. */
export const symbolicLink: RuleText = {
  id: "locked-down/symbolic-link",
  title: "Archive is a symbolic link",
  severity: "high",
  looksAt: "the name itself, which is opened without following links",
  why: "Whoever owns a link decides from moment to moment where it leads, so nothing can be said of what will be restored by that name. Runtimes write no links.",
  remedy: "Audit the file that it leads to, by its own path; delete the link.",
};

import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const unlistedProblems: Rule = {
  id: "integrity/unlisted-problems",
  title: "More is wrong than is listed",
  severity: "high",
  looksAt: "number of problems met while reading",
  why: "So many things are wrong that the list was cut. What was cut may be graver than what is shown: noise is a way to hide.",
  remedy: "Treat the archive as tampered with.",
  evaluate: (subject) => problemSightings(subject, "integrity/unlisted-problems"),
};

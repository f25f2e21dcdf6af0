import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const size: Rule = {
  id: "integrity/size",
  title: "Two headers disagree about a size",
  severity: "high",
  looksAt: "PAX headers and tar headers of members",
  why: "Readers that take the other size find other members behind it: a known way to show a scanner one archive and a runtime another.",
  remedy: "Treat the archive as tampered with, and make the checkpoint again.",
  evaluate: (subject) => problemSightings(subject, "integrity/size"),
};

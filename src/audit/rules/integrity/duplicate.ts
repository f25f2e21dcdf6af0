import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const duplicate: Rule = {
  id: "integrity/duplicate",
  title: "Member occurs more than once",
  severity: "high",
  looksAt: "names of the members",
  why: "The last one counts when tar unpacks, the first for readers that stop at it. So what was checked need not be what is restored. No runtime writes a name twice.",
  remedy: "Do not restore it before it is known who wrote it; make the checkpoint again.",
  evaluate: (subject) => problemSightings(subject, "integrity/duplicate"),
};

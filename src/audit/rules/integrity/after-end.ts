import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const afterEnd: Rule = {
  id: "integrity/after-end",
  title: "Something follows the end of the archive",
  severity: "high",
  looksAt: "bytes behind the end marker of the tar",
  why: "tar and the runtimes stop at the end marker and never see what follows, while other readers may. Runtimes write nothing there: two archives were joined, or members are hidden.",
  remedy: "Do not restore it. Find out who wrote the file; make the checkpoint again.",
  evaluate: (subject) =>
    problemSightings(subject, "integrity/after-end", { "long-trailer": "medium" }),
};

import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const unchecked: Rule = {
  id: "locked-down/unchecked",
  title: "Nobody can tell who else could read the archive",
  severity: "info",
  looksAt: "whether the archive came from a file or by a pipe",
  why: "A pipe has no owner and no mode. Whether the archive is locked down where it is kept was not looked at.",
  remedy: "Audit the file itself: `cryoscope audit FILE`.",
  evaluate: (subject) => problemSightings(subject, "locked-down/unchecked"),
};

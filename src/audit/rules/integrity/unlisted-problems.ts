import { formatCount } from "../../../base/units.ts";
import { mostDetailed, problemSightings } from "../../facts/problems.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const unlistedProblems: Rule = {
  id: "integrity/unlisted-problems",
  title: "More is wrong than is listed",
  severity: "high",
  looksAt: "number of problems met while reading, and of processes",
  why: "So many things are wrong that the list was cut. What was cut may be graver than what is shown: noise is a way to hide.",
  remedy: "Treat the archive as tampered with.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  yield* problemSightings(subject, unlistedProblems.id);
  const all = (await subject.checkpoint.processes()).length;
  if (all <= mostDetailed) return;
  yield {
    message: `details of ${formatCount(all - mostDetailed)} of ${formatCount(all)} processes were not looked at`,
    key: "details",
    severity: "medium",
  };
}

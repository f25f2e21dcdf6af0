import { formatCount } from "../../../base/units.ts";
import { readHeads } from "../../facts/image-heads.ts";
import { nestedFacts } from "../../facts/nested.ts";
import { mostDetailed, problemSightings } from "../../facts/problems.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const unlistedProblems: Rule = {
  id: "integrity/unlisted-problems",
  title: "More is wrong than is listed",
  severity: "high",
  looksAt: "number of problems met while reading; what was not looked at because there is too much",
  why: "So many things are wrong that the list was cut. What was cut may be graver than what is shown: noise is a way to hide.",
  remedy: "Treat the archive as tampered with.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  yield* problemSightings(subject, unlistedProblems.id);
  const processes = (await subject.checkpoint.processes()).length;
  yield* skipped("details of processes", processes - mostDetailed);
  const dear = "each would cost a pass over the compressed archive";
  yield* skipped("images", (await readHeads(subject)).skipped, dear);
  yield* skipped("archives in the archive", (await nestedFacts(subject)).skipped, dear);
}

function* skipped(what: string, count: number, why = "there are too many"): Generator<Sighting> {
  if (count <= 0) return;
  yield {
    message: `${what} were not looked at (${formatCount(count)} of them): ${why}`,
    key: what,
    severity: "medium",
    remedy: "Decompress the archive into a private folder (`umask 077`) and audit that.",
  };
}

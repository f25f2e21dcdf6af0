import { realpath } from "node:fs/promises";
import { liesIn, placeOf } from "../../facts/place.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const elsewhere: Rule = {
  id: "locked-down/elsewhere",
  title: "Archive lies outside the folders for checkpoints",
  severity: "low",
  looksAt: "the archive's true path, and `expect.directories` of the policy",
  why: "A copy somewhere else is not found by whoever cleans up, and has not the kubelet's closed folder around it.",
  remedy:
    "Move it to where checkpoints are kept, or delete it; name folders of your own in `expect.directories` of the policy.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const { directories } = subject.policy.expect;
  const place = await placeOf(subject);
  if (place === undefined || directories.length === 0) return;
  for (const directory of directories) {
    const real = await realpath(directory).catch(() => directory);
    if (liesIn(place.path, real)) return;
  }
  yield {
    message: `${place.path} lies outside of ${directories.join(", ")}`,
    key: "",
    places: [{ path: place.path }],
  };
}

import { formatMode } from "../../base/units.ts";
import type { Sighting } from "../finding.ts";
import type { Severity } from "../severity.ts";
import type { Subject } from "../subject.ts";
import { type NestedFacts, nestedFacts, nestedKey } from "./nested.ts";

/**
 * What stands out in archives inside the archive, as sightings.
 * @param mild severity of what is odd and no more
 */
export async function* nestedSightings(
  subject: Subject,
  list: Exclude<keyof NestedFacts, "problems" | "skipped">,
  mild?: Severity,
): AsyncGenerator<Sighting> {
  for (const found of (await nestedFacts(subject))[list]) {
    const { outer, member, why, grave } = found;
    const sighting: Sighting = {
      message: `in ${outer}: ${member.name} ${why}`,
      key: nestedKey(found),
      places: [{ member: found.label }],
      facts: { mode: formatMode(member.mode), uid: member.uid, gid: member.gid },
    };
    yield !grave && mild !== undefined ? { ...sighting, severity: mild } : sighting;
  }
}

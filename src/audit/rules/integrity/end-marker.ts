import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const endMarker: Rule = {
  id: "integrity/end-marker",
  title: "End marker is not as it should be",
  severity: "medium",
  looksAt: "blocks of zeros between members and at the end of the tar",
  why: "Readers of tar disagree about single blocks of zeros: some stop there, some go on. What one checks is then not what another restores.",
  remedy: "Make the checkpoint again, or repack it with one tool and audit the result.",
  evaluate: (subject) =>
    problemSightings(subject, "integrity/end-marker", { "short-end-marker": "low" }),
};

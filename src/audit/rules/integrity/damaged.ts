import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const damaged: Rule = {
  id: "integrity/damaged",
  title: "Archive is damaged",
  severity: "high",
  looksAt: "headers of the tar, the stream of gzip or zstd",
  why: "From the damage on nothing can be read, so nobody can say what the archive holds there. Damage that tar passes over may hide members.",
  remedy:
    "Compare the SHA-256 with that on the node, and copy the archive again; treat it as tampered with where both are equal.",
  evaluate: (subject) => problemSightings(subject, "integrity/damaged"),
};

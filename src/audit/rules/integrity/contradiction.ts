import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const contradiction: Rule = {
  id: "integrity/contradiction",
  title: "Images of CRIU contradict one another",
  severity: "medium",
  looksAt: "open files, descriptors, mounts, sockets, queues, credentials, signals and limits",
  why: "One image refers to what another does not hold, or holds what no kernel gives. The restore fails there, or the image was changed by hand.",
  remedy:
    "Compare the SHA-256 with that on the node. If it is equal the images were written so: report it to CRIU, or treat them as tampered with.",
  evaluate: (subject) => problemSightings(subject, "integrity/contradiction"),
};

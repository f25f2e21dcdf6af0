import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const brokenImage: Rule = {
  id: "integrity/broken-image",
  title: "CRIU image is broken",
  severity: "high",
  looksAt: "entries of all images of CRIU",
  why: "CRIU gives up the restore at such an image. What is in the broken part is not known to this audit either.",
  remedy:
    "Compare the SHA-256 with that on the node, and copy the archive again; else make the checkpoint again. `cryoscope decode` shows the image up to the damage.",
  evaluate: (subject) => problemSightings(subject, "integrity/broken-image"),
};

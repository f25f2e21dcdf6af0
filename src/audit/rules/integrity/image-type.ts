import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const imageType: Rule = {
  id: "integrity/image-type",
  title: "Image is of another type than its name says",
  severity: "high",
  looksAt: "magic numbers at the beginning of every image, and their file names",
  why: "CRIU opens images by name and gives up at another magic. One image was put in the place of another, or is no image at all.",
  remedy:
    "Compare the SHA-256 with that on the node; treat the archive as tampered with where both are equal.",
  evaluate: (subject) => problemSightings(subject, "integrity/image-type"),
};

import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const engine: Rule = {
  id: "integrity/engine",
  title: "Archive bears marks of two engines",
  severity: "high",
  looksAt: "files and fields by which CRI-O, containerd and Podman are known",
  why: "No engine writes the files of another. Parts of two archives were put together, or one was made to look like another.",
  remedy: "Do not restore it before it is known who made it.",
  evaluate: (subject) => problemSightings(subject, "integrity/engine"),
};

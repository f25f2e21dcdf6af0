import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const processTree: Rule = {
  id: "integrity/process-tree",
  title: "Process tree contradicts itself",
  severity: "high",
  looksAt: "pstree.img and the threads of core-PID.img",
  why: "A process that is its own ancestor, or two that have one number, cannot have been dumped so. CRIU fails, or restores something else than is shown.",
  remedy: "Treat the archive as damaged or tampered with, and make the checkpoint again.",
  evaluate: (subject) => problemSightings(subject, "integrity/process-tree"),
};

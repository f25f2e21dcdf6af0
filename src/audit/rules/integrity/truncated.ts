import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const truncated: Rule = {
  id: "integrity/truncated",
  title: "Archive is cut short",
  severity: "high",
  looksAt: "sizes of members and the end marker of the tar",
  why: "What is missing is not restored, or keeps the restore from beginning: a copy ended early, a disk was full, or somebody cut it.",
  remedy:
    "Copy the archive again from the node and compare sizes and SHA-256 on both sides; else make the checkpoint again.",
  evaluate: (subject) => problemSightings(subject, "integrity/truncated"),
};

import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const nestedArchive: Rule = {
  id: "integrity/nested-archive",
  title: "Archive inside the archive is damaged",
  severity: "high",
  looksAt: "rootfs-diff.tar, devshm-checkpoint.tar, volumes/*.tar, tmpfs images",
  why: "Files that the container changed do not come back, or the restore stops half-way. The two ends of a damaged archive may also hide what is between them.",
  remedy: "Copy the archive again and compare SHA-256; else make the checkpoint again.",
  evaluate: (subject) => problemSightings(subject, "integrity/nested-archive"),
};

import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const metadata: Rule = {
  id: "integrity/metadata",
  title: "Metadata cannot be read",
  severity: "high",
  looksAt:
    "config.dump, spec.dump, status.dump, status, network.status, bind.mounts, deleted.files",
  why: "Without its metadata an archive cannot be restored, and nobody can say whose it is.",
  remedy: "Copy the archive again and compare SHA-256; else make the checkpoint again.",
  evaluate: (subject) => problemSightings(subject, "integrity/metadata"),
};

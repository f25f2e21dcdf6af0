import { nestedSightings } from "../../facts/nested-sightings.ts";
import type { Rule } from "../../rule.ts";

export const nestedName: Rule = {
  id: "hostile/nested-name",
  title: "Archive inside the archive names files outside of it",
  severity: "critical",
  looksAt:
    "names and whiteouts in rootfs-diff.tar, volumes/*.tar, devshm-checkpoint.tar and tmpfs images",
  why: "Unpacked as root by a runtime that does not look, such a member writes or deletes files of the node. No container can have a file of such a name.",
  remedy: "Do not restore it. Find out who made the archive; make the checkpoint again.",
  evaluate: (subject) => nestedSightings(subject, "names"),
};

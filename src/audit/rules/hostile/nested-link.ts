import { nestedSightings } from "../../facts/nested-sightings.ts";
import type { Rule } from "../../rule.ts";

export const nestedLink: Rule = {
  id: "hostile/nested-link",
  title: "Archive inside the archive leads out of its folder by a link",
  severity: "high",
  looksAt:
    "symbolic and hard links in rootfs-diff.tar, volumes/*.tar, devshm-checkpoint.tar and tmpfs images, and members below them",
  why: "A link that is unpacked first and a file that is unpacked through it reach any place of the node; so does a hard link to the outside. An honest archive has the file at its true path.",
  remedy: "Do not restore it. Find out who made the archive; make the checkpoint again.",
  evaluate: (subject) => nestedSightings(subject, "links", "medium"),
};

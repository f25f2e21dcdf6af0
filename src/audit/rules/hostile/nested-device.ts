import { nestedSightings } from "../../facts/nested-sightings.ts";
import type { Rule } from "../../rule.ts";

export const nestedDevice: Rule = {
  id: "hostile/nested-device",
  title: "Archive inside the archive holds a device",
  severity: "high",
  looksAt:
    "types of the members of rootfs-diff.tar, volumes/*.tar and devshm-checkpoint.tar; block devices in tmpfs images",
  why: "A device is a door to the disk or the memory of the node for whoever may open it. In a volume it comes to lie on the node, outside of the container's device rules.",
  remedy:
    "Leave it out: repack the inner archive without it, or make the container without CAP_MKNOD and checkpoint it again.",
  evaluate: (subject) => nestedSightings(subject, "devices", "medium"),
};

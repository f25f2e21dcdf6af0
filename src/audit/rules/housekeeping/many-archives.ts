import { groupBy } from "../../housekeeping/groups.ts";
import type { HousekeepingRule } from "../../housekeeping/holding.ts";
import { placesOf } from "../../housekeeping/places.ts";

/** Containers with more archives than the policy's `maxArchivesPerContainer`. */
export const manyArchives: HousekeepingRule = {
  id: "housekeeping/many-archives",
  title: "Many archives of one container",
  severity: "low",
  looksAt: "archives of each container, in all folders of the audit",
  why: "The kubelet deletes no checkpoint by itself, so a schedule or a loop fills the node's disk with one container's memory until pods are evicted.",
  remedy:
    "`cryoscope audit --prune FOLDER` says which are beyond the newest. Put FILE.keep beside those that have to stay.",
  references: ["https://kubernetes.io/docs/reference/node/kubelet-checkpoint-api/"],
  *evaluate({ holdings }, { thresholds: { maxArchivesPerContainer: most } }) {
    if (most === null) return;
    for (const { name, holdings: archives } of groupBy(holdings, "container")) {
      if (archives.length <= most) continue;
      yield {
        message: `there are ${archives.length} archives of container ${name}; at most ${most} may stay`,
        key: name,
        places: placesOf(archives),
        facts: { container: name, archives: archives.length, allowed: most },
      };
    }
  },
};

import { formatBytes } from "../../../base/units.ts";
import { groupBy, groupKinds, mostBytes } from "../../housekeeping/groups.ts";
import type { HousekeepingRule } from "../../housekeeping/holding.ts";
import { placesOf } from "../../housekeeping/places.ts";

/** Containers, pods, namespaces and folders whose archives are larger than the policy allows. */
export const manyBytes: HousekeepingRule = {
  id: "housekeeping/many-bytes",
  title: "Archives take more room than allowed",
  severity: "medium",
  looksAt: "bytes of the archives of each container, pod, namespace and folder",
  why: "An archive is as large as the memory of its container. A node whose disk is full evicts pods, and dumps fail half-way.",
  remedy:
    "`cryoscope audit --prune FOLDER` says which to delete, oldest first. Put FILE.keep beside those that have to stay.",
  *evaluate({ holdings }, policy) {
    for (const kind of groupKinds) {
      const most = mostBytes(policy, kind);
      if (most === null) continue;
      for (const { name, bytes, holdings: archives } of groupBy(holdings, kind)) {
        if (bytes <= most) continue;
        yield {
          message: `the archives of ${kind} ${name} take ${formatBytes(bytes)}; ${formatBytes(most)} are allowed`,
          key: `${kind} ${name}`,
          places: placesOf(archives),
          facts: { [kind]: name, bytes, allowedBytes: most },
        };
      }
    }
  },
};

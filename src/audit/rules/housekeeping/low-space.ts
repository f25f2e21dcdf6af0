import { formatBytes } from "../../../base/units.ts";
import type { HousekeepingRule } from "../../housekeeping/holding.ts";

/** Folders of archives whose file system has less room left than the policy's `minFreeBytes`. */
export const lowSpace: HousekeepingRule = {
  id: "housekeeping/low-space",
  title: "Little room is left where archives lie",
  severity: "medium",
  looksAt: "free bytes of the file system of each folder with archives",
  why: "The next checkpoint fails on a full disk and leaves a part of an archive behind, and a kubelet that shares the disk evicts pods.",
  remedy:
    "Make room: `cryoscope audit --prune FOLDER` says which archives can go; or move the kubelet's root folder to a larger disk.",
  *evaluate({ folders }, { thresholds: { minFreeBytes } }) {
    if (minFreeBytes === null) return;
    for (const { path, freeBytes } of folders) {
      if (freeBytes === null || freeBytes >= minFreeBytes) continue;
      yield {
        message: `${formatBytes(freeBytes)} are free in ${path}; ${formatBytes(minFreeBytes)} should be`,
        key: path,
        places: [{ path }],
        facts: { freeBytes, wantedBytes: minFreeBytes },
      };
    }
  },
};

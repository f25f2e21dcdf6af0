import { formatAge } from "../../../base/units.ts";
import { ageOf, type HousekeepingRule } from "../../housekeeping/holding.ts";

/** Archives that have lain there for longer than the policy's `maxAge`. */
export const oldArchive: HousekeepingRule = {
  id: "housekeeping/old-archive",
  title: "Archive is old",
  severity: "low",
  looksAt: "time of the checkpoint and of the last write of the file, whichever is later",
  why: "A checkpoint holds the memory of its processes, keys and passwords with it, for as long as it lies there; and the older it is, the less will restore from it.",
  remedy:
    "Move what has to be kept elsewhere, encrypted, or put FILE.keep beside it. `cryoscope audit --prune FOLDER` says what can go.",
  *evaluate({ holdings }, { thresholds: { maxAge } }, now) {
    if (maxAge === null) return;
    for (const holding of holdings) {
      const age = ageOf(holding, now);
      if (age <= maxAge * 1000) continue;
      yield {
        message: `the archive is ${formatAge(age)} old; ${formatAge(maxAge * 1000)} are allowed`,
        key: holding.path,
        places: [{ path: holding.path }],
        facts: { ageSeconds: Math.floor(age / 1000), allowedSeconds: maxAge },
      };
    }
  },
};

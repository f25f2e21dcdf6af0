import { quote } from "../../../base/shell.ts";
import { formatAge, formatBytes } from "../../../base/units.ts";
import type { HousekeepingRule } from "../../housekeeping/holding.ts";

/** Whoever still writes it has written in the last hour. */
const abandonedAfter = 3_600_000;

/** Parts of archives that nobody has written to for an hour. */
export const partialFile: HousekeepingRule = {
  id: "housekeeping/partial-file",
  title: "Part of an archive was left behind",
  severity: "low",
  looksAt: "files whose names end in `.partial` beside archives",
  why: "It is what a transfer that was killed had brought: it holds memory like a whole archive, and no list shows it.",
  remedy: "Make sure that nothing is being brought at the moment, then remove it.",
  *evaluate({ folders }, _policy, now) {
    for (const { path, sizeBytes, modifiedAt } of folders.flatMap(({ partials }) => partials)) {
      const age = now - modifiedAt;
      if (age < abandonedAfter) continue;
      yield {
        message: `${path} is a part of an archive (${formatBytes(sizeBytes)}) that nobody has written to for ${formatAge(age)}`,
        key: path,
        places: [{ path }],
        remedy: `Make sure that nothing is being brought at the moment, then \`rm ${quote(path)}\`.`,
        facts: { bytes: sizeBytes, ageSeconds: Math.floor(age / 1000) },
      };
    }
  },
};

import type { HousekeepingRule } from "../housekeeping/holding.ts";
import { lowSpace } from "./housekeeping/low-space.ts";
import { manyArchives } from "./housekeeping/many-archives.ts";
import { manyBytes } from "./housekeeping/many-bytes.ts";
import { oldArchive } from "./housekeeping/old-archive.ts";
import { partialFile } from "./housekeeping/partial-file.ts";

/** Rules of the group `housekeeping`: about archives together, not about one. */
export const housekeepingRules: readonly HousekeepingRule[] = [
  oldArchive,
  manyArchives,
  manyBytes,
  lowSpace,
  partialFile,
];

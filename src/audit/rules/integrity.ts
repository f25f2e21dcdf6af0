import type { Rule } from "../rule.ts";
import { afterEnd } from "./integrity/after-end.ts";
import { brokenImage } from "./integrity/broken-image.ts";
import { clock } from "./integrity/clock.ts";
import { contradiction } from "./integrity/contradiction.ts";
import { damaged } from "./integrity/damaged.ts";
import { device } from "./integrity/device.ts";
import { duplicate } from "./integrity/duplicate.ts";
import { endMarker } from "./integrity/end-marker.ts";
import { engine } from "./integrity/engine.ts";
import { fileName } from "./integrity/file-name.ts";
import { imageType } from "./integrity/image-type.ts";
import { link } from "./integrity/link.ts";
import { mappings } from "./integrity/mappings.ts";
import { metadata } from "./integrity/metadata.ts";
import { missingImage } from "./integrity/missing-image.ts";
import { missingMember } from "./integrity/missing-member.ts";
import { nestedArchive } from "./integrity/nested-archive.ts";
import { pageOwners } from "./integrity/page-owners.ts";
import { pageSizes } from "./integrity/page-sizes.ts";
import { processTree } from "./integrity/process-tree.ts";
import { size } from "./integrity/size.ts";
import { statistics } from "./integrity/statistics.ts";
import { truncated } from "./integrity/truncated.ts";
import { unknownMember } from "./integrity/unknown-member.ts";
import { unlistedProblems } from "./integrity/unlisted-problems.ts";
import { unmappedPages } from "./integrity/unmapped-pages.ts";
import { unsafeName } from "./integrity/unsafe-name.ts";

export const integrityRules: readonly Rule[] = [
  truncated,
  damaged,
  afterEnd,
  endMarker,
  duplicate,
  size,
  unsafeName,
  link,
  device,
  unknownMember,
  missingMember,
  metadata,
  engine,
  fileName,
  clock,
  missingImage,
  imageType,
  brokenImage,
  processTree,
  contradiction,
  mappings,
  pageSizes,
  pageOwners,
  unmappedPages,
  statistics,
  nestedArchive,
  unlistedProblems,
];

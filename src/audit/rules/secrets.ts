import type { Rule } from "../rule.ts";
import { commandLine } from "./secrets/command-line.ts";
import { deletedFile } from "./secrets/deleted-file.ts";
import { environment } from "./secrets/environment.ts";
import { log } from "./secrets/log.ts";
import { memory } from "./secrets/memory.ts";
import { metadata } from "./secrets/metadata.ts";
import { queue } from "./secrets/queue.ts";
import { rootfs } from "./secrets/rootfs.ts";
import { volume } from "./secrets/volume.ts";

/**
 * Rules of the group `secrets`; each is a file of its own in the folder of that name. A secret is told
 * by the rule of the place that most people can read, with all its places.
 */
export const secretsRules: readonly Rule[] = [
  log,
  volume,
  rootfs,
  metadata,
  deletedFile,
  queue,
  commandLine,
  environment,
  memory,
];

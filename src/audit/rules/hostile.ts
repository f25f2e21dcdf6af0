import type { Rule } from "../rule.ts";
import { annotations } from "./hostile/annotations.ts";
import { bindMounts } from "./hostile/bind-mounts.ts";
import { cdi } from "./hostile/cdi.ts";
import { criuPaths } from "./hostile/criu-paths.ts";
import { deletedFiles } from "./hostile/deleted-files.ts";
import { hooks } from "./hostile/hooks.ts";
import { identifiers } from "./hostile/identifiers.ts";
import { imageDigest } from "./hostile/image-digest.ts";
import { memberType } from "./hostile/member-type.ts";
import { nestedDevice } from "./hostile/nested-device.ts";
import { nestedLink } from "./hostile/nested-link.ts";
import { nestedName } from "./hostile/nested-name.ts";
import { setuid } from "./hostile/setuid.ts";
import { tagPoisoning } from "./hostile/tag-poisoning.ts";

export const hostileRules: readonly Rule[] = [
  memberType,
  nestedName,
  nestedLink,
  nestedDevice,
  setuid,
  cdi,
  annotations,
  hooks,
  bindMounts,
  deletedFiles,
  imageDigest,
  tagPoisoning,
  identifiers,
  criuPaths,
];

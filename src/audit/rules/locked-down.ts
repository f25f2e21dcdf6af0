import type { Rule } from "../rule.ts";
import { accessList } from "./locked-down/access-list.ts";
import { directory } from "./locked-down/directory.ts";
import { elsewhere } from "./locked-down/elsewhere.ts";
import { exchanged } from "./locked-down/exchanged.ts";
import { fileSystem } from "./locked-down/file-system.ts";
import { hardLink } from "./locked-down/hard-link.ts";
import { mode } from "./locked-down/mode.ts";
import { owner } from "./locked-down/owner.ts";
import { unchecked } from "./locked-down/unchecked.ts";

export const lockedDownRules: readonly Rule[] = [
  owner,
  mode,
  accessList,
  directory,
  hardLink,
  exchanged,
  fileSystem,
  elsewhere,
  unchecked,
];

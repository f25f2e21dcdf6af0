import type { RuleText } from "../../rule.ts";

/** Told of an archive that was another file, or of another length, when the audit ended. */
export const changedWhileRead: RuleText = {
  id: "integrity/changed-while-read",
  title: "Archive changed while it was read",
  severity: "high",
  looksAt: "size, time, inode of the archive before and after the audit",
  why: "What the audit says may hold for neither the file that was there nor the one that is. A runtime was still writing it, or somebody exchanges archives.",
  remedy:
    "Wait until the checkpoint is complete and audit it again; find out who writes to the folder.",
};

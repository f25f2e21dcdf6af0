import type { RuleText } from "../../rule.ts";

/** Told of an archive that could not be opened, or not to the end of an audit. */
export const unreadable: RuleText = {
  id: "integrity/unreadable",
  title: "Archive cannot be read",
  severity: "high",
  looksAt: "opening the archive, and every read of the audit",
  why: "An archive that cannot be read can neither be judged nor restored, and nobody can say what it holds. It was cut off, was never an archive, or its disk fails.",
  remedy:
    "Compare size and hash with where it came from and copy it again, or make the checkpoint again. `cryoscope inspect FILE` says where the reading ends.",
};

import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const deletedFile: Rule = {
  id: "secrets/deleted-file",
  title: "Secret in a deleted file",
  severity: "high",
  looksAt: "ghost-file-*.img",
  why: "The program deleted the file and thinks that it is gone; the checkpoint brought it to the disk again.",
  remedy:
    "Change the secret where it was issued, if others can read the archive. `cryoscope extract --deleted` shows the file.",
  evaluate: (subject) =>
    secretsWhere(subject, ["deleted-file"], ({ member }) => `in the deleted file of ${member}`),
};

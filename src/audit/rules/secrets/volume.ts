import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const volume: Rule = {
  id: "secrets/volume",
  title: "Secret in a volume",
  severity: "high",
  looksAt: "volumes/*.tar, devshm-checkpoint.tar and tmpfs images",
  why: "A volume's content travels with the archive to every machine that the archive is copied to.",
  remedy:
    "Change the secret where it was issued. Mount it as a Secret that is made anew at the restore instead of a file in a volume.",
  evaluate: (subject) => secretsWhere(subject, ["volume"], ({ member }) => `in ${member}`),
};

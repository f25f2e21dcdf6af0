import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const rootfs: Rule = {
  id: "secrets/rootfs",
  title: "Secret in a changed file of the root file system",
  severity: "high",
  looksAt: "rootfs-diff.tar",
  why: "The container wrote it to its own root file system; it stays there and goes into every image that is made of it.",
  remedy:
    "Change the secret where it was issued. Have the program keep it in memory or in a memory-backed volume.",
  evaluate: (subject) => secretsWhere(subject, ["rootfs"], ({ member }) => `in ${member}`),
};

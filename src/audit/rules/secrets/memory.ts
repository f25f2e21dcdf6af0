import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const memory: Rule = {
  id: "secrets/memory",
  title: "Secret in memory",
  severity: "high",
  looksAt: "page images, and CRIU's other images",
  why: "What a program holds in memory only for a moment lies on the disk for as long as the archive does.",
  remedy:
    "Keep the archive as safe as the secret: encrypted, for root alone, and not for long. Change the secret where it was issued once others could read it.",
  evaluate: (subject) =>
    secretsWhere(subject, ["image", "memory"], ({ member, pid }) =>
      pid === undefined ? `in ${member}` : `in the memory of process ${pid}`,
    ),
};

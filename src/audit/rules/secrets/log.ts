import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const log: Rule = {
  id: "secrets/log",
  title: "Secret in a log",
  severity: "high",
  looksAt: "container logs and CRIU's logs in the archive",
  why: "Whoever may read logs has it, and logs are copied to places that nobody remembers.",
  remedy:
    "Change the secret where it was issued. Stop the program from logging it, and remove the log lines from where logs are gathered.",
  evaluate: (subject) => secretsWhere(subject, ["log"], ({ member }) => `in ${member}`),
};

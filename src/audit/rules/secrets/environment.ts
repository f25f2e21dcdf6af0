import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const environment: Rule = {
  id: "secrets/environment",
  title: "Secret in an environment",
  severity: "high",
  looksAt: "the environment of each process, as it lies in its memory",
  why: "An environment goes to every child of a process, into crash reports and `/proc/PID/environ`; here it is on the disk in plain text.",
  remedy:
    "Change the secret where it was issued, if others can read the archive. Mount it as a file instead of a variable, and keep the archive encrypted.",
  evaluate: (subject) =>
    secretsWhere(
      subject,
      ["environment"],
      ({ pid, variable }) => `in ${variable ?? "the environment"} of process ${pid}`,
    ),
};

import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const commandLine: Rule = {
  id: "secrets/command-line",
  title: "Secret in a command line",
  severity: "high",
  looksAt: "the arguments of each process, as they lie in its memory",
  why: "Every user of the node can read command lines (`ps`), and monitoring collects them.",
  remedy:
    "Change the secret where it was issued. Give it to the program in a file or on standard input instead of in an option.",
  evaluate: (subject) =>
    secretsWhere(subject, ["command-line"], ({ pid }) => `in the command line of process ${pid}`),
};

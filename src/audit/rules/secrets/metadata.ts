import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const metadata: Rule = {
  id: "secrets/metadata",
  title: "Secret in the container's metadata",
  severity: "high",
  looksAt: "config.dump, spec.dump, status.dump and other documents beside the images",
  why: "The same text is in the API server, in the runtime's state folder and in the output of `crictl inspect`, for many more people than can read memory.",
  remedy:
    "Change the secret where it was issued. Mount it as a file (`volumes: [{secret: …}]`) instead of naming it in `env` or `args`.",
  evaluate: (subject) => secretsWhere(subject, ["metadata"], ({ member }) => `in ${member}`),
};

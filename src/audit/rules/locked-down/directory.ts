import { laxitySighting } from "../../facts/laxity.ts";
import { problemsOf } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const directory: Rule = {
  id: "locked-down/directory",
  title: "Folder of the archive can be changed by others",
  severity: "high",
  looksAt: "owner and mode of every folder from the root down to the archive",
  why: "Whoever can write to one of the folders can exchange the archive for another between the check and the restore, whatever the archive's own mode is.",
  remedy: "`cryoscope secure FOLDER`; the kubelet's folder has mode 0700.",
  async *evaluate(subject) {
    for (const problem of await problemsOf(subject, directory.id)) {
      yield { ...laxitySighting(problem), key: `${problem.code} ${problem.where?.path ?? ""}` };
    }
  },
};

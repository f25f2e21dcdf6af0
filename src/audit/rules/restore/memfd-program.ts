import { memfdPrograms } from "../../facts/programs.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Programs that CRIU saves and cannot start again. */
export const memfdProgram: Rule = {
  id: "restore/memfd-program",
  title: "Program is a memfd",
  severity: "high",
  looksAt: "the program of every process (mm-PID.img)",
  why: "CRIU looks for a program among regular files alone: `No entry for reg-file-ID`. runc before 1.2 and some loaders run from a memfd.",
  remedy: "Have the program run from a file, and checkpoint it again.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const { task, memfd, place } of await memfdPrograms(subject)) {
      yield {
        message: `${task.name} runs from the memfd ${memfd}: CRIU says \`No entry for reg-file-ID\``,
        key: memfd,
        places: [place],
        facts: { memfd },
      };
    }
  },
};

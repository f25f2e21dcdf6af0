import { placeOf, readTasks } from "../../../checkpoint/needs/tasks.ts";
import { openFolder } from "../../facts/folders.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Processes that go on after their program was deleted. */
export const deletedProgram: Rule = {
  id: "attack/deleted-program",
  title: "Program was deleted while it runs",
  severity: "high",
  looksAt: "the program of every process (mm-PID.img), remap-fpath.img",
  why: "Malware deletes its file as soon as it runs, so that nobody finds it. In a container, whose image does not change, there is hardly another reason; an upgrade inside the container is one.",
  remedy:
    "Save the program for analysis: `cryoscope extract ARCHIVE --deleted`. Restart the container from its image instead of restoring it.",
  references: ["https://attack.mitre.org/techniques/T1070/004/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const task of await readTasks(subject)) {
      const { program } = task;
      if (program === null || task.executable?.deleted !== true) continue;
      const folder = openFolder(program);
      const where = folder === undefined ? "" : `, and lay in ${folder}, where anybody may write`;
      yield {
        message: `${task.name} runs ${program}, which was deleted${where}`,
        key: program,
        places: [{ ...placeOf(subject, task, "mm"), path: program }],
        facts: { program },
      };
    }
  },
};

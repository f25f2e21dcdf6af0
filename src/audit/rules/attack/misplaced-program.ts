import { openFolder } from "../../facts/folders.ts";
import { placeOf, readTasks } from "../../facts/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Programs that run from where anybody may put files. */
export const misplacedProgram: Rule = {
  id: "attack/misplaced-program",
  title: "Program in a folder that anybody may write to",
  severity: "high",
  looksAt: "the program of every process: below /tmp, /var/tmp, /dev/shm, /run/user",
  why: "Programs are installed where only root may write. What was downloaded or dropped by an attack lies in /tmp or /dev/shm, because it could be written nowhere else.",
  remedy:
    "Find out where it came from: `cryoscope extract ARCHIVE 'rootfs-diff.tar!**'`. Restart the container from its image instead of restoring it, and make its root file system read-only.",
  references: ["https://attack.mitre.org/techniques/T1105/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const task of await readTasks(subject)) {
      const { program } = task;
      // Deleted ones are told by attack/deleted-program.
      if (program === null || task.executable?.deleted === true) continue;
      const folder = openFolder(program);
      if (folder === undefined) continue;
      yield {
        message: `${task.name} runs ${program}, in ${folder}, where anybody may write`,
        key: program,
        places: [{ ...placeOf(subject, task, "mm"), path: program }],
        facts: { program, folder },
      };
    }
  },
};

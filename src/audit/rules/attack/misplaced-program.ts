import { placeOf, readTasks, type Task } from "../../../checkpoint/needs/tasks.ts";
import { openFolder } from "../../facts/folders.ts";
import { isInterpreter } from "../../facts/programs.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Programs that run from where anybody may put files. */
export const misplacedProgram: Rule = {
  id: "attack/misplaced-program",
  title: "Program in a folder that anybody may write to",
  severity: "high",
  looksAt:
    "programs of processes, and scripts of interpreters: below /tmp, /var/tmp, /dev/shm, /run/user",
  why: "Programs are installed where only root may write. What was downloaded or dropped by an attack lies in /tmp or /dev/shm, because it could be written nowhere else.",
  remedy:
    "Find out where it came from: `cryoscope extract ARCHIVE 'rootfs-diff.tar!**'`. Restart the container from its image instead of restoring it, and make its root file system read-only.",
  references: ["https://attack.mitre.org/techniques/T1105/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const task of await readTasks(subject)) {
      // Deleted ones are told by attack/deleted-program.
      if (task.program === null || task.executable?.deleted === true) continue;
      const folder = openFolder(task.program);
      if (folder !== undefined) yield sighting(subject, task, task.program, folder);
      const script = folder === undefined ? scriptOf(task) : undefined;
      const above = script === undefined ? undefined : openFolder(script);
      if (script === undefined || above === undefined) continue;
      yield { ...sighting(subject, task, script, above), severity: "medium" };
    }
  },
};

function sighting(subject: Subject, task: Task, path: string, folder: string): Sighting {
  return {
    message: `${task.name} runs ${path}, in ${folder}, where anybody may write`,
    key: path,
    places: [{ ...placeOf(subject, task, "mm"), path }],
    facts: { program: path, folder },
  };
}

/** What an interpreter was given to run: its first argument that is no option. */
function scriptOf({ program, process: { command } }: Task): string | undefined {
  if (program === null || !isInterpreter(program)) return undefined;
  const script = command?.slice(1).find((argument) => !argument.startsWith("-"));
  return script?.startsWith("/") === true ? script : undefined;
}

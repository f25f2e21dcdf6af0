import { partsInUse } from "../../../checkpoint/needs/processor-state.ts";
import { readTasks, type Task } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Features without which the processes do not go on. */
export const cpuFeatures: Rule = {
  id: "restore/cpu-features",
  title: "Needs features of the processor",
  severity: "low",
  looksAt: "registers in core-PID.img (xstate_bv), cpuinfo.img",
  why: "What a program once found the processor to have it goes on using. An older processor cannot load such registers (`FPU feature required by image is not supported on host`), or ends the program later by SIGILL.",
  remedy:
    "Restore on nodes with the same processor or a newer one. `cpu-cap=none` of CRIU skips the check, not the need.",
  references: ["https://criu.org/CPU_flags"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const seen = new Map<string, Task[]>();
    for (const task of await readTasks(subject)) {
      for (const { name, usual } of partsInUse(task.processorState)) {
        if (usual) continue;
        const tasks = seen.get(name) ?? [];
        tasks.push(task);
        seen.set(name, tasks);
      }
    }
    for (const [name, tasks] of seen) {
      const images = subject.checkpoint.images;
      yield {
        message: `${tasks.length === 1 ? "1 process has" : `${tasks.length} processes have`} ${name} in use: CRIU says \`FPU feature required by image is not supported on host\` on a processor without it`,
        key: name,
        places: tasks.slice(0, 100).map(({ process: { pid } }) => ({
          pid,
          member: images?.label(`core-${pid}.img`) ?? `core-${pid}.img`,
        })),
        facts: { feature: name, processes: tasks.length },
      };
    }
    if (subject.checkpoint.images?.open("cpuinfo.img") !== undefined) {
      yield {
        message:
          "the dump notes the features of its processor, and CRIU compares them: `CPU instruction capabilities do not match run time`",
        key: "cpuinfo",
        severity: "info",
        places: [{ member: subject.checkpoint.images.label("cpuinfo.img") }],
      };
    }
  },
};

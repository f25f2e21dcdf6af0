import { readSpec } from "../../../checkpoint/needs/spec.ts";
import { placesOf, readTasks } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Pids that others may have taken. */
export const sharedPidNamespace: Rule = {
  id: "restore/shared-pid-namespace",
  title: "Shares its pids with others",
  severity: "medium",
  looksAt: "pid namespace of spec.dump (with a path: the pod's), ids-PID.img against inventory.img",
  why: "CRIU gives each process its old pid. In a namespace with other processes it may be taken: `Can't fork for …: File exists`, `Pid … do not match expected`.",
  remedy:
    "Do without `shareProcessNamespace` and `hostPID`; or restore into a pod where nothing else runs.",
  references: ["https://github.com/checkpoint-restore/criu/issues/2383"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const tasks = await readTasks(subject);
    const host = tasks.filter(({ namespaces }) =>
      namespaces.some(({ type, host: its }) => type === "pid" && its === true),
    );
    if (host.length > 0) {
      yield {
        message:
          "the processes have pids of the node: CRIU says `Can't fork` where one of them is taken",
        key: "node",
        places: placesOf(subject, host, "ids"),
        facts: { processes: host.length },
      };
      return;
    }
    const path = (await readSpec(subject))?.namespaces.get("pid")?.path;
    if (path === undefined) return;
    yield {
      message: `the container is in a pid namespace that it shares (${path}): CRIU says \`Can't fork\` where a pid is taken`,
      key: "pod",
      places: [{ member: "spec.dump", pointer: "/linux/namespaces" }],
      facts: { path },
    };
  },
};

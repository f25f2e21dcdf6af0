import { baseName, placeOf, readTasks, type Task } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** First processes whose task it is to start others in sessions of their own. */
const inits = new Set(
  "systemd init tini dumb-init docker-init catatonit s6-svscan runsvdir supervisord sshd crond cron".split(
    " ",
  ),
);

/** Processes that the entry point did not start: left behind by an exec, or hidden as daemons. */
export const outsideProcessTree: Rule = {
  id: "attack/outside-process-tree",
  title: "Process outside the entry point's tree",
  severity: "medium",
  looksAt: "parents and sessions of pstree.img",
  why: "What somebody starts by `kubectl exec` and leaves behind becomes a child of process 1 with a session whose leader is gone. Daemons that detach themselves look the same.",
  remedy:
    "Find out who started it: the API server's audit log tells of every exec. Do not restore it with the container if nobody knows it.",
  references: ["https://attack.mitre.org/techniques/T1609/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const tasks = await readTasks(subject);
    const all = await subject.checkpoint.processes();
    const pids = new Set(all.map(({ pid }) => pid));
    const [first] = all;
    const init = tasks.find(({ process }) => process === first);
    if (first === undefined || init === undefined) return;
    for (const task of tasks) {
      const { pid, ppid, sid } = task.process;
      if (task === init || sid === first.sid) continue;
      if (ppid !== 0 && ppid !== first.pid) continue;
      if (!pids.has(sid)) {
        yield sighting(subject, task, `is in session ${sid}, whose leader is gone`, "medium");
      } else if (ppid === 0) {
        yield sighting(subject, task, "has a parent outside the container", "medium");
      } else if (sid === pid && !inits.has(baseName(init.program ?? ""))) {
        yield sighting(subject, task, "has a session of its own, as daemons have", "info");
      }
    }
  },
};

function sighting(
  subject: Subject,
  task: Task,
  why: string,
  severity: "medium" | "info",
): Sighting {
  return {
    message: `${task.name} ${why}`,
    key: `${task.program ?? ""} ${task.process.comm ?? ""}`,
    severity,
    places: [
      {
        ...placeOf(subject, task),
        member: subject.checkpoint.images?.label("pstree.img") ?? "pstree.img",
      },
    ],
    facts: { program: task.program ?? "", session: task.process.sid },
  };
}

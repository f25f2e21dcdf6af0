import { readSpec } from "../../../checkpoint/needs/spec.ts";
import { placesOf, readTasks, saying } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Processes that can become more than they are by running a set-user-ID program. */
export const newPrivileges: Rule = {
  id: "exposure/new-privileges",
  title: "Can gain privileges",
  severity: "info",
  looksAt: "no_new_privs of core-PID.img, process.noNewPrivileges of spec.dump",
  why: "Without no_new_privs a set-user-ID program or one with file capabilities gives a process more rights than it was started with.",
  remedy: "Set `allowPrivilegeEscalation: false` in the securityContext.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const spec = await readSpec(subject);
    const tasks = (await readTasks(subject)).filter(({ credentials }) => {
      if (credentials === null || credentials.noNewPrivileges === true) return false;
      // CRIU writes it where it is set; older ones never do, and then the specification counts.
      return credentials.noNewPrivileges === false || spec?.noNewPrivileges === false;
    });
    if (tasks.length === 0) return;
    yield {
      message: saying(tasks, ["can", "can"], "gain privileges by running a set-user-ID program"),
      key: "no_new_privs",
      places: placesOf(subject, tasks),
      facts: { processes: tasks.length },
    };
  },
};

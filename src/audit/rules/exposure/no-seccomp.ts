import { readSpec } from "../../../checkpoint/needs/spec.ts";
import { placesOf, readTasks, saying, type Task } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Processes that the kernel filters no system calls of. */
export const noSeccomp: Rule = {
  id: "exposure/no-seccomp",
  title: "No seccomp filter",
  severity: "medium",
  looksAt: "seccomp mode of every process in core-PID.img, against linux.seccomp of spec.dump",
  why: "Without a filter every system call of the kernel can be reached, those included by which containers were left before.",
  remedy:
    "Set `seccompProfile: {type: RuntimeDefault}` in the securityContext; the kubelet's `seccompDefault` does so for all.",
  references: ["https://kubernetes.io/docs/tutorials/security/seccomp/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const tasks = (await readTasks(subject)).filter(unfiltered);
    if (tasks.length === 0) return;
    const spec = await readSpec(subject);
    const places = placesOf(subject, tasks);
    const facts = { processes: tasks.length };
    if (spec?.seccomp === true) {
      const message = saying(
        tasks,
        ["runs", "run"],
        "without the seccomp filter that spec.dump gives the container, as what was started from outside",
      );
      yield { message, key: "outside the filter", severity: "high", places, facts };
      return;
    }
    const message = saying(tasks, ["runs", "run"], "without a seccomp filter");
    yield { message, key: "none", places, facts };
  },
};

/**
 * CRIU writes no mode where there is none, and none for further threads whose filters are those of
 * the first (SECCOMP_FILTER_FLAG_TSYNC).
 */
function unfiltered({ known, seccomp }: Task): boolean {
  return known && (seccomp === null || seccomp.mode === "disabled");
}

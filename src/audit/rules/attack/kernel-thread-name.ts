import { placeOf, readTasks, type Task } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Names of threads of the Linux kernel, as `ps` shows them with and without brackets. */
const kernelThread =
  /^\[?(?:(?:kworker|kthreadd|ksoftirqd|kswapd|khugepaged|kcompactd|kdevtmpfs|khungtaskd|kauditd|kblockd|kthrotld|ksmd|kintegrityd|rcu_(?:sched|preempt|bh|gp|par_gp|tasks\w*)|ext4-rsv-conver|xfsaild|oom_reaper)(?:$|[/\d\]])|(?:migration|cpuhp|idle_inject|irq|jbd2)\/|scsi_eh_\d|md\d+_raid)/;

/** Processes that pass themselves off as threads of the kernel. */
export const kernelThreadName: Rule = {
  id: "attack/kernel-thread-name",
  title: "Process poses as a kernel thread",
  severity: "critical",
  looksAt: "names and first arguments of processes, which have memory of their own",
  why: "Threads of the kernel have no memory and never live in a container. A process with such a name was given it so that nobody looks twice.",
  remedy: "Treat the container as taken over: save its program and memory, and do not restore it.",
  references: ["https://attack.mitre.org/techniques/T1036/005/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const task of await readTasks(subject)) {
      const posed = poses(task);
      if (posed === undefined) continue;
      yield {
        message: `${task.name} calls itself ${posed} and runs ${task.program ?? "a program without a name"}`,
        key: `${posed} ${task.program ?? ""}`,
        severity: kernelThread.test(posed) ? "critical" : "high",
        places: [placeOf(subject, task)],
        facts: { name: posed, program: task.program ?? "" },
      };
    }
  },
};

/** `ps` puts the names of kernel threads in brackets, and of nothing else that has arguments. */
function poses({ process, program }: Task): string | undefined {
  if (process.layout === undefined) return undefined;
  const first = process.command?.[0] ?? "";
  if (/^\[[^\]]+\]$/.test(first)) return first;
  // A test is called `[`, as its file.
  if (program?.endsWith("/[") === true) return undefined;
  return kernelThread.test(process.comm ?? "") ? process.comm : undefined;
}

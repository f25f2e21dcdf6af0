import { absolutePath, baseName, placeOf, readTasks } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Programs that look into others. */
const tracers = new Set(
  "gdb gdbserver strace ltrace lldb lldb-server dlv rr frida-server frida-inject reptyr".split(" "),
);

/** Processes that read or change the memory of others, or were made to. */
export const processMemoryAccess: Rule = {
  id: "attack/process-memory-access",
  title: "Looks into other processes",
  severity: "high",
  looksAt:
    "open /proc/PID/mem in files.img, debuggers among the processes, CAP_SYS_PTRACE in their creds",
  why: "Through ptrace and /proc/PID/mem a process reads the keys of others and puts code into them. CRIU saves no process that is being traced, so the traces are what stays.",
  remedy:
    "End the debugger, and drop CAP_SYS_PTRACE. If nobody was debugging, treat the container as taken over.",
  references: ["https://attack.mitre.org/techniques/T1055/008/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { files } = await subject.checkpoint.files();
    for (const { path, holders, place } of files) {
      if (
        path === undefined ||
        !/^\/proc\/(?:\d+|self)\/(?:task\/\d+\/)?mem$/.test(absolutePath(path))
      )
        continue;
      const holder = holders[0];
      yield {
        message: `${path}, the memory of a process, is open`,
        key: "open mem",
        places: [holder === undefined ? place : { ...place, pid: holder.pid, fd: holder.fd }],
        facts: { path },
      };
    }
    for (const task of await readTasks(subject)) {
      const name = baseName(task.program ?? "");
      if (!tracers.has(name)) continue;
      const able = task.credentials?.capabilities.effective.includes("CAP_SYS_PTRACE") === true;
      yield {
        message: `${task.name} is ${name}, which looks into other processes${able ? ", and has CAP_SYS_PTRACE" : ""}`,
        key: name,
        severity: able ? "high" : "medium",
        places: [placeOf(subject, task)],
        facts: { program: task.program ?? "", capability: able },
      };
    }
  },
};

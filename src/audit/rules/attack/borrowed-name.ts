import {
  baseName,
  placeOf,
  placesOf,
  readTasks,
  saying,
  type Task,
} from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Programs under whose names others hide. */
const known = new Set(
  (
    "agetty apache2 auditd bash chronyd containerd containerd-shim cron crond dbus-daemon dockerd " +
    "getty httpd init java kubelet kube-proxy mysqld nginx node ntpd pause php-fpm postgres " +
    "redis-server rsyslogd runc sh sshd sudo systemd systemd-journald systemd-logind systemd-udevd"
  ).split(" "),
);

/** Interpreters, and programs that are many in one file. */
const manyFaced =
  /^(?:busybox|toybox|coreutils|python[\d.]*|pypy[\d.]*|perl[\d.]*|ruby[\d.]*|node|nodejs|java|php[\d.-]*|lua[\d.]*|guile.*|tclsh.*|(?:ba|da|a|z|k|mk)?sh|qemu-.*|ld-linux.*|ld-musl.*|ld-[\d.]+\.so.*|dotnet|mono.*|beam\.smp)$/;

/** Processes that go by the name of a program that they are not. */
export const borrowedName: Rule = {
  id: "attack/borrowed-name",
  title: "Process goes by another program's name",
  severity: "medium",
  looksAt: "names (comm) of processes against their program and arguments",
  why: "A process may call itself what it likes. One that calls itself sshd and is not hides from whoever reads a list of processes.",
  remedy: "Find out what its program is: `cryoscope ps ARCHIVE --pid PID`.",
  references: ["https://attack.mitre.org/techniques/T1036/005/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const renamed: Task[] = [];
    for (const task of await readTasks(subject)) {
      const { comm } = task.process;
      const { program } = task;
      if (comm === undefined || program === null || isOwn(comm, task)) continue;
      if (!known.has(comm)) {
        renamed.push(task);
        continue;
      }
      yield {
        message: `${task.name} goes by the name of another program: it runs ${program}`,
        key: `${comm} ${program}`,
        places: [placeOf(subject, task)],
        facts: { name: comm, program },
      };
    }
    if (renamed.length === 0) return;
    yield {
      message: saying(renamed, ["is", "are"], "called unlike program and arguments"),
      key: "renamed",
      severity: "info",
      places: placesOf(subject, renamed),
      facts: { processes: renamed.length },
    };
  },
};

/** The kernel cuts names here. */
const commLength = 15;

function isOwn(comm: string, { process: { command }, program }: Task): boolean {
  const name = baseName(program ?? "");
  if (manyFaced.test(name)) return true;
  const candidates = [name, ...(command ?? []).slice(0, 2).map(baseName)];
  return candidates.some((candidate) => isAlike(comm, candidate.replace(/^-/, "")));
}

/** One begins with the other: programs add what they do, the kernel cuts, packagers add versions. */
function isAlike(comm: string, candidate: string): boolean {
  const cut = candidate.slice(0, commLength);
  return cut !== "" && (comm.startsWith(cut) || cut.startsWith(comm));
}

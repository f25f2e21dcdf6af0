import type { Purpose, Verdict } from "../../node/verdicts/row.ts";
import { verdicts } from "../../node/verdicts.ts";
import { isPod, type PlanRow, type PlanSubject } from "./row.ts";

/** Rows that the plan answers more exactly, from the archive, and those that no restore asks for. */
const answered = new Set([
  "architecture",
  "cgroup",
  "seccomp",
  "selinux",
  "apparmor",
  "network-lock",
  "criu-tcp",
  "criu-images-dir",
  "podman",
  "runtime",
  // These are for dumps.
  "kernel-rseq",
  "kernel-mem-soft-dirty",
  "kernel-userfaultfd",
]);

/** What every restore needs of a node, whatever the archive: the rows of `cryoscope node`. */
export function nodeRows(subject: PlanSubject): PlanRow[] {
  const { target, now, runtime } = subject;
  if (target === undefined) return [];
  const purpose: Purpose = isPod(subject) ? "restore" : "podman";
  return verdicts(target, now)
    .rows.filter(({ id, purposes }) => purposes.includes(purpose) && !answered.has(id))
    .filter(({ id }) => fits(id, runtime))
    .map(planRow);
}

/** Rows of runtimes that do not take part are left out. */
function fits(id: string, runtime: PlanSubject["runtime"]): boolean {
  if (id.startsWith("containerd-")) return runtime === "containerd";
  if (id.startsWith("crio-")) return runtime === "cri-o";
  return true;
}

function planRow({ purposes: _, ...row }: Verdict): PlanRow {
  return { ...row, evidence: null };
}

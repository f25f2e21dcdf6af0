import { readHostMounts } from "../../../checkpoint/needs/host-mounts.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Mounts that whoever restores has to declare. */
export const mountsNeeded: Rule = {
  id: "restore/mounts-needed",
  title: "Needs its mounts again",
  severity: "info",
  looksAt: "bind mounts of spec.dump that are not every container's",
  why: "A restored container has to have the mounts of the old one: CRI-O says `restoring … expects following bind mounts defined`, containerd goes into CrashLoopBackOff.",
  remedy:
    "Declare a volumeMount at each of these paths in the pod that restores, with the content that it had.",
  references: ["https://github.com/cri-o/cri-o/pull/8792"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const mounts = (await readHostMounts(subject)).filter(({ kind }) => kind !== "runtime");
    if (mounts.length === 0) return;
    const list = mounts.slice(0, named).map(({ mountpoint }) => mountpoint);
    const more = mounts.length > named ? ` and ${mounts.length - named} more` : "";
    yield {
      message: `the container that is restored needs mounts at ${list.join(", ")}${more}`,
      key: "mounts",
      places: mounts.slice(0, 100).map(({ place }) => place),
      facts: { mountpoints: mounts.slice(0, 100).map(({ mountpoint }) => mountpoint) },
    };
  },
};

const named = 8;

import { placesOf, readTasks } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Profiles and labels that the node has to know. */
export const securityLabel: Rule = {
  id: "restore/security-label",
  title: "Needs the same security module",
  severity: "info",
  looksAt: "LSM of inventory.img, profiles and labels in core-PID.img",
  why: "A process gets its AppArmor profile or SELinux label back, which a node without that module refuses: `LSM specified but … not supported by kernel`.",
  remedy: "Restore on a node with the same module and profile.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const inventory = await subject.checkpoint.inventory();
    if (inventory?.lsm === undefined || inventory.lsm === "NO_LSM") return;
    const tasks = (await readTasks(subject)).filter(({ credentials }) => {
      const profile = credentials?.lsmProfile ?? "";
      return profile !== "" && profile !== "unconfined";
    });
    const profiles = [...new Set(tasks.map(({ credentials }) => credentials?.lsmProfile ?? ""))];
    if (profiles.length === 0) return;
    const lsm = inventory.lsm === "SELINUX" ? "SELinux" : "AppArmor";
    yield {
      message: `the node that restores needs ${lsm} with ${profiles.slice(0, 3).join(", ")}`,
      key: lsm,
      places: placesOf(subject, tasks),
      facts: { lsm, profiles: profiles.slice(0, 100) },
    };
  },
};

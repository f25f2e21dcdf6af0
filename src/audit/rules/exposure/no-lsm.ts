import { placesOf, readTasks, saying, type Task } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** SELinux types that SELinux keeps from nothing. */
const unconfinedTypes = /(?:^|:)(?:unconfined_t|spc_t|unconfined_service_t)(?::|$)/;

/** Processes that neither AppArmor nor SELinux confines. */
export const noLsm: Rule = {
  id: "exposure/no-lsm",
  title: "Not confined by SELinux or AppArmor",
  severity: "medium",
  looksAt: "LSM of inventory.img, label or profile of every process in core-PID.img",
  why: "SELinux and AppArmor are what stops a process that has left its container, or reads what is mounted into it by mistake.",
  remedy:
    "Give the container a profile: `appArmorProfile: {type: RuntimeDefault}`, or an SELinux type such as container_t; on a node without either, switch one on.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const inventory = await subject.checkpoint.inventory();
    const tasks = await readTasks(subject);
    if (inventory?.lsm === undefined || tasks.length === 0) return;
    if (inventory.lsm === "NO_LSM") {
      yield {
        message: "the node had neither SELinux nor AppArmor on",
        key: "node",
        severity: "low",
        places: [{ member: subject.checkpoint.images?.label("inventory.img") ?? "inventory.img" }],
      };
      return;
    }
    const free = tasks.filter(unconfined);
    if (free.length === 0) return;
    const lsm = inventory.lsm === "SELINUX" ? "SELinux" : "AppArmor";
    const profile = free[0]?.credentials?.lsmProfile ?? "none";
    yield {
      message: saying(free, ["is", "are"], `not confined by ${lsm}: ${profile}`),
      key: "unconfined",
      places: placesOf(subject, free),
      facts: { processes: free.length, profile },
    };
  },
};

function unconfined({ credentials }: Task): boolean {
  if (credentials === null) return false;
  const profile = credentials.lsmProfile ?? "";
  return profile === "" || profile === "unconfined" || unconfinedTypes.test(profile);
}

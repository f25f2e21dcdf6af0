import type { ProblemLog } from "../../base/problem.ts";
import type { Messages } from "../schema/types.ts";

/** Where a task stands in one hierarchy of control groups. */
interface Cgroup {
  /** `memory`, `name=systemd`; "" for the unified hierarchy of cgroup v2. */
  controller: string;
  /** Path in the hierarchy, as CRIU saw it. */
  path: string;
  /** The same inside the container's cgroup namespace, where it has one. */
  inside: string | null;
}

export interface CgroupSet {
  id: number;
  /** Null where the set is that of CRIU itself, which it does not write down. */
  groups: Cgroup[] | null;
}

/** The control groups of a task by the id of its set. */
export function readCgroupSet(
  id: number,
  sets: ReadonlyMap<number, Messages["cg_set_entry"]>,
  place: { member: string; label: string },
  problems: ProblemLog,
): CgroupSet {
  const set = sets.get(id);
  if (set === undefined) {
    const message = `there is no cgroup set ${id}; the image holds ${[...sets.keys()].slice(0, 8).join(", ") || "none"}`;
    problems.add({
      severity: "error",
      code: "cgroup-set",
      message,
      where: { member: place.member },
    });
    return { id, groups: null };
  }
  const groups = set.ctls.map(({ name, path, cgns_prefix: prefix }) => {
    if (prefix === undefined || prefix === 0) return { controller: name, path, inside: null };
    // CRIU counts in bytes; a prefix that ends inside a character would be no path anyway.
    if (prefix > path.length) {
      const message = `the cgroup namespace of ${JSON.stringify(path)} begins at byte ${prefix}; allowed at most ${path.length}`;
      const where = { member: place.label };
      problems.add({ severity: "error", code: "cgroup-set", message, where });
      return { controller: name, path, inside: null };
    }
    return { controller: name, path, inside: path.slice(prefix) || "/" };
  });
  return { id, groups };
}

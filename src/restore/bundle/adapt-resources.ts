import { isObject, type JsonObject } from "../../base/json-object.ts";
import type { ConfigChange } from "./adapt-spec.ts";

/** Limits that any node can hold, by their group; all others name what only the node of the dump has. */
const kept: Readonly<Record<string, readonly string[]>> = {
  memory: ["limit", "reservation"],
  cpu: ["shares", "quota", "period"],
  pids: ["limit"],
};

const reasons: Readonly<Record<string, string>> = {
  "memory/swap": "not every kernel counts swap",
  "cpu/cpus": "processors of the node of the dump",
  "cpu/mems": "memory nodes of the node of the dump",
  hugepageLimits: "page sizes of the node of the dump",
  blockIO: "disks of the node of the dump",
  unified: "settings of one layout of control groups",
};

/** Keeps the limits, and the rule which devices may be opened. */
export function adaptResources(value: unknown, changes: ConfigChange[]): JsonObject {
  const result: JsonObject = {};
  if (!isObject(value)) return result;
  for (const [group, part] of Object.entries(value)) {
    if (group === "devices") result[group] = part;
    else if (Object.hasOwn(kept, group) && isObject(part)) {
      const limits = limitsOf(group, part, changes);
      if (Object.keys(limits).length > 0) result[group] = limits;
    } else changes.push(dropped(group));
  }
  return result;
}

function limitsOf(group: string, part: JsonObject, changes: ConfigChange[]): JsonObject {
  const result: JsonObject = {};
  for (const [name, limit] of Object.entries(part)) {
    if (kept[group]?.includes(name) !== true) changes.push(dropped(`${group}/${name}`));
    // No limit needs no word; of a share of no time no task would come back.
    else if (typeof limit === "number" && limit > 0) result[name] = limit;
  }
  return result;
}

function dropped(path: string): ConfigChange {
  const reason = reasons[path] ?? "a setting that not every node has";
  return { field: `/linux/resources/${path}`, action: "dropped", reason };
}

import { readSpec } from "../../../checkpoint/needs/spec.ts";
import { placesOf, readTasks, saying, type Task } from "../../../checkpoint/needs/tasks.ts";
import type { FindingPlace, Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Severity } from "../../severity.ts";
import type { Subject } from "../../subject.ts";

/** What may be done with them comes to being root on the node. */
const nodeTaking = new Set([
  "CAP_SYS_ADMIN",
  "CAP_SYS_MODULE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_PTRACE",
  "CAP_SYS_BOOT",
  "CAP_DAC_READ_SEARCH",
  "CAP_BPF",
  "CAP_MAC_ADMIN",
  "CAP_MAC_OVERRIDE",
  "CAP_PERFMON",
  "CAP_SYSLOG",
  "CAP_CHECKPOINT_RESTORE",
]);

/** Capabilities beyond the policy's: one finding each, unless the container has them all. */
export const capabilities: Rule = {
  id: "exposure/capabilities",
  title: "Capabilities beyond the default set",
  severity: "medium",
  looksAt:
    "creds of core-PID.img, process.capabilities of spec.dump, against `expect.capabilities` of the policy",
  why: "Each capability is a part of root's power. Some of them, such as CAP_SYS_ADMIN, are enough to leave the container.",
  remedy:
    "Drop it: `capabilities: {drop: [ALL], add: […]}` in the securityContext. Where the program needs it, name it in `expect.capabilities` of the policy.",
  references: ["https://man7.org/linux/man-pages/man7/capabilities.7.html"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const expected = new Set(subject.policy.expect.capabilities);
    const held = await holders(subject, expected);
    const bounded = await bounding(subject, expected);
    if (held.size >= everything) {
      yield allOf(subject, [...held.keys()], held.get("CAP_SYS_ADMIN") ?? []);
      return;
    }
    for (const [name, tasks] of held) yield heldBy(subject, name, tasks);
    for (const [name, place] of bounded) if (!held.has(name)) yield boundedOnly(name, place);
  },
};

/** Linux has 41; of old kernels 38. Whoever has so many was given all. */
const everything = 20;

async function holders(
  subject: Subject,
  expected: ReadonlySet<string>,
): Promise<Map<string, Task[]>> {
  const held = new Map<string, Task[]>();
  for (const task of await readTasks(subject)) {
    const sets = task.credentials?.capabilities;
    for (const name of new Set([...(sets?.effective ?? []), ...(sets?.permitted ?? [])])) {
      if (expected.has(name)) continue;
      const tasks = held.get(name) ?? [];
      tasks.push(task);
      held.set(name, tasks);
    }
  }
  return held;
}

async function bounding(
  subject: Subject,
  expected: ReadonlySet<string>,
): Promise<Map<string, FindingPlace>> {
  const found = new Map<string, FindingPlace>();
  const spec = await readSpec(subject);
  for (const name of spec?.capabilities.get("bounding") ?? []) {
    if (expected.has(name)) continue;
    found.set(name, { member: "spec.dump", pointer: "/process/capabilities/bounding" });
  }
  return found;
}

function allOf(subject: Subject, names: readonly string[], tasks: readonly Task[]): Sighting {
  return {
    message: saying(
      tasks,
      ["has", "have"],
      `all that root may do: ${names.length} capabilities beyond the expected`,
    ),
    key: "all",
    severity: "high",
    places: placesOf(subject, tasks),
    facts: { capabilities: names, processes: tasks.length },
  };
}

function heldBy(subject: Subject, name: string, tasks: readonly Task[]): Sighting {
  const severity: Severity = nodeTaking.has(name) ? "high" : "medium";
  return {
    message: saying(tasks, ["has", "have"], name),
    key: name,
    severity,
    places: placesOf(subject, tasks),
    facts: { capability: name, processes: tasks.length },
  };
}

function boundedOnly(name: string, place: FindingPlace): Sighting {
  return {
    message: `${name} is in the bounding set: no process has it now, and a set-user-ID program can take it`,
    key: name,
    severity: "low",
    places: [place],
    facts: { capability: name, processes: 0 },
  };
}

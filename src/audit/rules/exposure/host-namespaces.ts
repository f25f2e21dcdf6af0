import { readSpec } from "../../../checkpoint/needs/spec.ts";
import { placesOf, readTasks } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Severity } from "../../severity.ts";
import type { Subject } from "../../subject.ts";

interface Kind {
  /** Name in the runtime specification. */
  spec: string;
  severity: Severity;
  means: string;
  field?: string;
}

/** By CRIU's name for the type. Time is nobody's, and mnt cannot be the host's. */
const kinds: Record<string, Kind> = {
  pid: {
    spec: "pid",
    severity: "high",
    means: "it sees all processes of the node and can signal them",
    field: "hostPID",
  },
  ipc: {
    spec: "ipc",
    severity: "high",
    means: "it shares System V memory and message queues with the node",
    field: "hostIPC",
  },
  net: {
    spec: "network",
    severity: "medium",
    means: "it reaches the node's loopback services and can listen in on its traffic",
    field: "hostNetwork",
  },
  uts: { spec: "uts", severity: "info", means: "it has the node's host name" },
  user: {
    spec: "user",
    severity: "info",
    means: "root in it is root on the node, should it get out",
    field: "hostUsers",
  },
  cgroup: { spec: "cgroup", severity: "info", means: "it sees the node's control groups" },
};

/** Namespaces that are CRIU's own, which is the node's. */
export const hostNamespaces: Rule = {
  id: "exposure/host-namespaces",
  title: "Namespace of the node",
  severity: "medium",
  looksAt: "ids-PID.img against the root ids of inventory.img, linux.namespaces of spec.dump",
  why: "What a namespace holds is then not the container's own but the node's: processes, network, shared memory.",
  remedy:
    "Take `hostPID`, `hostIPC` or `hostNetwork` out of the pod (Podman: `--pid`, `--ipc`, `--network host`); `hostUsers: false` gives a user namespace.",
  references: ["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const tasks = await readTasks(subject);
    const spec = await readSpec(subject);
    for (const [type, kind] of Object.entries(kinds)) {
      const known = tasks.flatMap(({ namespaces }) =>
        namespaces.filter((it) => it.type === type && it.host !== null),
      );
      const inside = tasks.filter(({ namespaces }) =>
        namespaces.some((it) => it.type === type && it.host === true),
      );
      if (inside.length > 0) {
        yield { ...sighting(type, kind), places: placesOf(subject, inside, "ids") };
      } else if (known.length === 0 && spec !== undefined && !spec.namespaces.has(kind.spec)) {
        const places = [{ member: "spec.dump", pointer: "/linux/namespaces" }];
        yield { ...sighting(type, kind), places };
      }
    }
  },
};

function sighting(type: string, { severity, means, field }: Kind): Sighting {
  return {
    message: `the container is in the node's ${type} namespace: ${means}`,
    key: type,
    severity,
    facts: { namespace: type, ...(field === undefined ? {} : { field }) },
  };
}

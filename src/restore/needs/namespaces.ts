import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readSpec } from "../../checkpoint/needs/spec.ts";
import { readTasks } from "../../checkpoint/needs/tasks.ts";
import { imageLabel } from "./evidence.ts";

/** One kind of namespace, and whose the container's was. */
export interface NamespaceNeed {
  /** As the OCI runtime specification names it: `network`, `mount`. */
  type: string;
  /** `own`: made for the container. `joined`: another's, mostly the pod's. `host`: the node's. */
  from: "own" | "joined" | "host";
  /** Path by which it was joined; it means nothing elsewhere. */
  path: string | null;
  evidence: string;
}

/** Kinds by the names of the specification, and by CRIU's. */
const kinds = [
  ["pid", "pid"],
  ["network", "net"],
  ["ipc", "ipc"],
  ["uts", "uts"],
  ["mount", "mnt"],
  ["user", "user"],
  ["cgroup", "cgroup"],
  ["time", "time"],
] as const;

/** The specification first; where there is none, the ids of the first process against CRIU's own. */
export async function namespaceNeeds(asked: Asked): Promise<NamespaceNeed[]> {
  const spec = await readSpec(asked);
  const first = (await readTasks(asked))[0];
  return kinds.flatMap(([type, short]): NamespaceNeed[] => {
    if (spec !== undefined) {
      const given = spec.namespaces.get(type);
      const from = given === undefined ? "host" : given.path === undefined ? "own" : "joined";
      const evidence = "spec.dump /linux/namespaces";
      return [{ type, from, path: given?.path ?? null, evidence }];
    }
    const found = first?.namespaces.find((namespace) => namespace.type === short);
    if (first === undefined || found === undefined || found.host === null) return [];
    const evidence = imageLabel(asked.checkpoint, `ids-${first.process.pid}.img`);
    return [{ type, from: found.host ? "host" : "own", path: null, evidence }];
  });
}

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

/** The specification, and the ids of the first process against CRIU's own, which are the node's. */
export async function namespaceNeeds(asked: Asked): Promise<NamespaceNeed[]> {
  const spec = await readSpec(asked);
  const first = (await readTasks(asked))[0];
  const ids = imageLabel(asked.checkpoint, `ids-${first?.process.pid}.img`);
  return kinds.flatMap(([type, short]): NamespaceNeed[] => {
    const found = first?.namespaces.find((namespace) => namespace.type === short);
    const isHost = found?.host ?? null;
    if (spec === undefined) {
      return isHost === null
        ? []
        : [{ type, from: isHost ? "host" : "own", path: null, evidence: ids }];
    }
    const given = spec.namespaces.get(type);
    const path = given?.path ?? null;
    // containerd joins the sandbox by path, also where that is on the node's network.
    if (path !== null && isHost === true) return [{ type, from: "host", path, evidence: ids }];
    const from = given === undefined ? "host" : path === null ? "own" : "joined";
    return [{ type, from, path, evidence: "spec.dump /linux/namespaces" }];
  });
}

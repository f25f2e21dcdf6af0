import { apiVersion, type Document } from "../base/document.ts";
import { maskText } from "../base/mask.ts";
import type { Problem } from "../base/problem.ts";
import type { Mount } from "../criu/files/mounts.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** One mount. Absent facts are null; paths are those inside the container. */
export interface MountItem {
  id: number;
  parentId: number;
  namespaceId: number;
  /** Number of ancestors in its namespace. */
  depth: number;
  mountpoint: string;
  fstype: string;
  source: string;
  root: string;
  device: string;
  options: string;
  flags: string[];
  superFlags: string[];
  sharedId: number | null;
  masterId: number | null;
  external: boolean;
  externalKey: string | null;
  deleted: boolean;
  withPlugin: boolean;
}

/** Everything that `mounts` says of one archive: also its JSON. */
export interface MountList extends Document<"MountList"> {
  path: string;
  /** Mount namespaces, and the processes in each. */
  namespaces: { id: number; pids: number[] }[];
  items: MountItem[];
  problems: Problem[];
}

/** Lists the mounts of every namespace, each as a tree in depth-first order. */
export async function listMounts(
  checkpoint: Checkpoint,
  options: { reveal?: boolean } = {},
): Promise<MountList> {
  const { mounts, processIds } = await checkpoint.files();
  const namespaces = new Map<number, number[]>();
  for (const { namespaceId } of mounts.mounts) {
    if (!namespaces.has(namespaceId)) namespaces.set(namespaceId, []);
  }
  for (const [pid, { mountNamespaceId }] of processIds) {
    if (mountNamespaceId === undefined) continue;
    const pids = namespaces.get(mountNamespaceId) ?? [];
    pids.push(pid);
    namespaces.set(mountNamespaceId, pids);
  }
  return {
    apiVersion,
    kind: "MountList",
    path: checkpoint.archive.path,
    namespaces: [...namespaces].map(([id, pids]) => ({ id, pids })).sort((a, b) => a.id - b.id),
    items: mounts.mounts.map((mount) => item(mount, options.reveal === true)),
    problems: checkpoint.problems,
  };
}

// Options and sources of network file systems may hold passwords.
function item({ sharedId, masterId, externalKey, ...mount }: Mount, reveal: boolean): MountItem {
  return {
    ...mount,
    source: reveal ? mount.source : maskText(mount.source),
    options: reveal ? mount.options : maskText(mount.options),
    sharedId: sharedId ?? null,
    masterId: masterId ?? null,
    externalKey: externalKey ?? null,
  };
}

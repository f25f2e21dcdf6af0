import type { Messages } from "../schema/types.ts";

/** A namespace that a process lives in, by CRIU's number for it. */
export interface Namespace {
  type: string;
  id: number;
  /** Is it also that of CRIU, so the host's? Null where the inventory does not say. */
  host: boolean | null;
}

const types = [
  ["pid", "pid_ns_id"],
  ["net", "net_ns_id"],
  ["ipc", "ipc_ns_id"],
  ["uts", "uts_ns_id"],
  ["mnt", "mnt_ns_id"],
  ["user", "user_ns_id"],
  ["cgroup", "cgroup_ns_id"],
  ["time", "time_ns_id"],
] as const;

type Ids = Messages["task_kobj_ids_entry"];

/** Numbers that two processes have in common where they share the thing itself. */
export interface SharedObjects {
  memory: number;
  files: number;
  fileSystem: number;
  signalHandlers: number;
}

export function readNamespaces(ids: Ids, host: Ids | undefined): Namespace[] {
  return types.flatMap(([type, field]) => {
    const id = ids[field];
    if (id === undefined) return [];
    const hostId = host?.[field];
    return { type, id, host: hostId === undefined ? null : hostId === id };
  });
}

export function readSharedObjects(ids: Ids): SharedObjects {
  return {
    memory: ids.vm_id,
    files: ids.files_id,
    fileSystem: ids.fs_id,
    signalHandlers: ids.sighand_id,
  };
}

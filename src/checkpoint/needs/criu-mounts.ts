import type { FileModel } from "../../criu/files/file-model.ts";
import type { Mount } from "../../criu/files/mounts.ts";

/** File systems that CRIU neither makes nor fills. */
const unsupported =
  /^(?:unsupported|fuse.*|nfs\d?|cifs|smb3|ceph|glusterfs|9p|configfs|hugetlbfs|rpc_pipefs|nfsd|bpf|selinuxfs|efivarfs)$/;

/** Mounts of the container's own that nobody restores. */
export function unsupportedMounts({ mounts: { mounts } }: FileModel): Mount[] {
  return mounts.filter(
    ({ fstype, mountpoint, external, withPlugin }) =>
      !external && !withPlugin && mountpoint !== "/" && unsupported.test(fstype),
  );
}

/** Mounts of the container's own that receive what is mounted on the node. */
export function outsideSlaves({ mounts: { mounts } }: FileModel): Mount[] {
  const groups = new Set(mounts.map(({ sharedId }) => sharedId));
  return mounts.filter(
    ({ masterId, external }) => !external && masterId !== undefined && !groups.has(masterId),
  );
}

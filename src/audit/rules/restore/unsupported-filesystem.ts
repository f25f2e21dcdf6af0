import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** File systems that CRIU neither makes nor fills. */
const unsupported =
  /^(?:unsupported|fuse.*|nfs\d?|cifs|smb3|ceph|glusterfs|9p|configfs|hugetlbfs|rpc_pipefs|nfsd|bpf|selinuxfs|efivarfs)$/;

/** Mounts inside the container that nobody restores. */
export const unsupportedFilesystem: Rule = {
  id: "restore/unsupported-filesystem",
  title: "File system that CRIU cannot restore",
  severity: "high",
  looksAt: "types of mounts in mountpoints-N.img that do not come from outside",
  why: "CRIU makes mounts of a container's own anew, and knows a handful of types: `FS mnt … unsupported id`. FUSE, NFS and configfs mounts made inside the container are none of them.",
  remedy: "Mount it from outside, as a volume, or unmount it before the checkpoint.",
  references: ["https://github.com/containers/podman/issues/12574"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { mounts } = (await subject.checkpoint.files()).mounts;
    for (const { fstype, mountpoint, external, withPlugin } of mounts) {
      if (external || withPlugin || mountpoint === "/" || !unsupported.test(fstype)) continue;
      yield {
        message: `${mountpoint} is a ${fstype} file system of the container's own, which CRIU cannot restore`,
        key: mountpoint,
        places: [{ path: mountpoint }],
        facts: { mountpoint, fstype },
      };
    }
  },
};

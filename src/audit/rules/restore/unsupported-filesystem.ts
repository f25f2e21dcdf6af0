import { unsupportedMounts } from "../../../checkpoint/needs/criu-mounts.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

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
    for (const { fstype, mountpoint } of unsupportedMounts(await subject.checkpoint.files())) {
      yield {
        message: `${mountpoint} is a ${fstype} file system of the container's own, which CRIU cannot restore`,
        key: mountpoint,
        places: [{ path: mountpoint }],
        facts: { mountpoint, fstype },
      };
    }
  },
};

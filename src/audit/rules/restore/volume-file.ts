import { readHostMounts } from "../../../checkpoint/needs/host-mounts.ts";
import { type NeededFile, readNeededFiles } from "../../../checkpoint/needs/needed-files.ts";
import { volumeMember } from "../../../checkpoint/needs/volumes.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Files in use whose content is on a volume. */
export const volumeFile: Rule = {
  id: "restore/volume-file",
  title: "File in use is on a volume",
  severity: "medium",
  looksAt: "open and mapped files on volumes and paths of the node, against volumes/*.tar",
  why: "The archive does not hold what is on volumes. CRIU opens each file that was in use, and stops where one is missing or has another size: `Can't open file … on restore`, `has bad size`.",
  remedy:
    "Give the restored container the same volume, or a copy of what it held at the time of the checkpoint.",
  references: ["https://github.com/checkpoint-restore/criu/issues/1745"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const byMountpoint = new Map<string, NeededFile[]>();
    for (const needed of await readNeededFiles(subject)) {
      if (needed.from !== "volume" && needed.from !== "host") continue;
      const files = byMountpoint.get(needed.mountpoint) ?? [];
      files.push(needed);
      byMountpoint.set(needed.mountpoint, files);
    }
    const mounts = await readHostMounts(subject);
    const sources = new Map(mounts.map(({ mountpoint, source }) => [mountpoint, source]));
    for (const [mountpoint, files] of byMountpoint) {
      const source = sources.get(mountpoint) ?? "";
      if (volumeMember(subject.checkpoint, source) !== undefined) continue;
      const first = files[0] as NeededFile;
      const more = files.length === 1 ? "" : ` and ${files.length - 1} more`;
      yield {
        message: `${first.path}${more}, in use, is on the volume at ${mountpoint}, which the archive does not hold`,
        key: mountpoint,
        places: files.slice(0, 100).map(({ place }) => place),
        facts: { mountpoint, source, files: files.length },
      };
    }
  },
};

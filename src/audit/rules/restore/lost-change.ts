import { readNeededFiles } from "../../../checkpoint/needs/needed-files.ts";
import { readRootfs } from "../../../checkpoint/needs/rootfs.ts";
import { losesChanges } from "../../../checkpoint/rootfs.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Files of the image that are open for writing, whose changes Podman and CRI-O lose. */
export const lostChange: Rule = {
  id: "restore/lost-change",
  title: "Changed file of the image may be lost",
  severity: "medium",
  looksAt:
    "files that are open for writing, against rootfs-diff.tar, where Podman or CRI-O made it",
  why: "Podman and CRI-O save new files and lose changes to files of the image. CRIU then finds the image's file, and says `has bad size`, or goes on with old content where the size is the same.",
  remedy:
    "Have the program write to a volume, or to files that it makes itself. To restore this one, put the file as it was into the image.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { engine } = await subject.checkpoint.runtime();
    if (!losesChanges[engine]) return;
    const rootfs = await readRootfs(subject);
    for (const { file, path, from, place } of await readNeededFiles(subject)) {
      if (from !== "root" || (file.flags ?? 0) % 4 === 0 || rootfs.find(path) !== undefined)
        continue;
      yield {
        message: rootfs.saved
          ? `${path} is open for writing and not in rootfs-diff.tar: if it was changed, the change is lost`
          : `${path} is open for writing, and the archive holds no changes of the root file system`,
        key: path,
        places: [place],
        facts: { path },
      };
    }
  },
};

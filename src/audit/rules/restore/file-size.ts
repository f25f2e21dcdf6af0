import { formatCount } from "../../../base/units.ts";
import { readNeededFiles } from "../../../checkpoint/needs/needed-files.ts";
import { changePlace, readRootfs } from "../../../checkpoint/needs/rootfs.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Files that are saved in another size than CRIU expects. */
export const fileSize: Rule = {
  id: "restore/file-size",
  title: "Saved file has another size",
  severity: "high",
  looksAt: "sizes of open and mapped files in files.img, against rootfs-diff.tar",
  why: "CRIU compares the size of each file with the one that it noted: `File … has bad size`. The engine saves files after CRIU is done, when a container that goes on running has changed them already.",
  remedy:
    "Checkpoint again while the program does not write, or have it open the file for appending only, which CRIU does not compare.",
  references: ["https://github.com/checkpoint-restore/criu/issues/1258"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const rootfs = await readRootfs(subject);
    for (const { file, path, from, place } of await readNeededFiles(subject)) {
      const saved = from === "root" ? rootfs.find(path) : undefined;
      if (saved?.type !== "file" || file.sizeBytes === undefined) continue;
      if (saved.sizeBytes === file.sizeBytes) continue;
      yield {
        message: `${path} has ${formatCount(saved.sizeBytes)} bytes in rootfs-diff.tar and had ${formatCount(file.sizeBytes)}: CRIU says \`has bad size\``,
        key: path,
        places: [place, changePlace(path)],
        facts: { path, saved: saved.sizeBytes, expected: file.sizeBytes },
      };
    }
  },
};

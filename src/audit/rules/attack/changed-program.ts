import { changePlace, readRootfs } from "../../../checkpoint/needs/rootfs.ts";
import { placeOf, readTasks } from "../../../checkpoint/needs/tasks.ts";
import { openFolder } from "../../facts/folders.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Programs that are not those of the image. */
export const changedProgram: Rule = {
  id: "attack/changed-program",
  title: "Program is not the image's",
  severity: "high",
  looksAt: "the program of every process, against rootfs-diff.tar",
  why: "What runs should have come with the image. A program that the container wrote or changed itself was not reviewed, scanned or signed with it. Podman and CRI-O do not save changed files of the image, so there only new ones are seen.",
  remedy:
    "Compare it with the image: `cryoscope extract ARCHIVE 'rootfs-diff.tar!**'`. Build what the container needs into its image, and make its root file system read-only.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const rootfs = await readRootfs(subject);
    for (const task of await readTasks(subject)) {
      const { program } = task;
      // In open folders they are told by attack/misplaced-program.
      if (program === null || task.executable?.deleted === true) continue;
      if (openFolder(program) !== undefined || rootfs.find(program) === undefined) continue;
      yield {
        message: `${task.name} runs ${program}, which the container wrote or changed after it had started`,
        key: program,
        places: [{ ...placeOf(subject, task, "mm"), path: program }, changePlace(program)],
        facts: { program },
      };
    }
  },
};

import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Locks that are taken again only where CRIU is told to. */
export const fileLocks: Rule = {
  id: "restore/file-locks",
  title: "File locks",
  severity: "low",
  looksAt: "filelocks.img",
  why: "Without the option CRIU restores the processes and not their locks, so two of them may believe to be alone. CRI-O gives the option by itself.",
  remedy: "Restore with CRIU's option `file-locks` (Podman: `--file-locks`).",
  references: ["https://github.com/checkpoint-restore/criu/issues/2011"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { locks } = await subject.checkpoint.files();
    const { engine } = await subject.checkpoint.runtime();
    if (locks.length === 0 || engine === "cri-o") return;
    yield {
      message: `${locks.length === 1 ? "1 file lock is" : `${locks.length} file locks are`} held: without \`file-locks\` nobody has them after the restore`,
      key: "locks",
      remedy: `To restore them, ${await criuOption(subject, "file-locks")} (Podman: \`--file-locks\`).`,
      places: locks.slice(0, 100).map(({ pid, fd, place }) => ({ ...place, pid, fd })),
      facts: { locks: locks.length, option: "file-locks" },
    };
  },
};

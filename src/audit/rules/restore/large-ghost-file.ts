import { formatBytes } from "../../../base/units.ts";
import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import { defaultGhostLimit, ghostBytes } from "../../../checkpoint/needs/open-files.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Deleted files that the next checkpoint fails at. */
export const largeGhostFile: Rule = {
  id: "restore/large-ghost-file",
  title: "Large deleted file",
  severity: "low",
  looksAt: "bytes in ghost-file images",
  why: "A deleted file that is still open is restored from the dump, and a checkpoint of the restored container needs CRIU's `ghost-limit` again: `Can't dump ghost file … increase limit`.",
  remedy: "Set CRIU's `ghost-limit` on the node that restores too.",
  references: ["https://github.com/checkpoint-restore/criu/issues/491"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const told = new Set<number>();
    const { files } = await subject.checkpoint.files();
    for (const file of files) {
      const { deleted, path, holders, place } = file;
      if (deleted?.how !== "ghost" || deleted.ghost === undefined || told.has(deleted.id)) continue;
      told.add(deleted.id);
      const bytes = ghostBytes(file);
      if (bytes <= defaultGhostLimit) continue;
      const member = subject.checkpoint.images?.label(deleted.ghost.image) ?? deleted.ghost.image;
      const holder = holders[0];
      yield {
        message: `${path ?? "a deleted file"} was deleted and holds ${formatBytes(bytes)}, more than CRIU takes along without \`ghost-limit\``,
        key: path ?? member,
        remedy: `So that it can be checkpointed again, ${await criuOption(subject, `ghost-limit ${Math.ceil(bytes / defaultGhostLimit)}M`)}.`,
        places: [
          { ...place, member, ...(holder === undefined ? {} : { pid: holder.pid, fd: holder.fd }) },
        ],
        facts: { bytes, option: "ghost-limit" },
      };
    }
  },
};

import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import { pathlessWatches } from "../../../checkpoint/needs/open-files.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Watched files that CRIU knows by a handle of the file system alone. */
export const fileWatch: Rule = {
  id: "restore/file-watch",
  title: "Watched file has no path",
  severity: "medium",
  looksAt: "handles of inotify and fanotify files in files.img",
  why: "A handle names a file by its inode, which is another on another node and in another copy of the image: `Can't open file handle for`. Where CRIU noted a path it finds the file.",
  remedy: "Dump with CRIU's `force-irmap`, which notes paths, or have the program poll instead.",
  references: ["https://criu.org/Irmap"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const file of (await subject.checkpoint.files()).files) {
      const { kind, holders, place } = file;
      const without = pathlessWatches(file);
      if (without.length === 0) continue;
      const holder = holders[0];
      yield {
        message: `an ${kind} file watches ${without.length === 1 ? "1 file" : `${without.length} files`} that CRIU knows by inode alone: \`Can't open file handle for\` on another node`,
        key: kind,
        remedy: `Before the next checkpoint, ${await criuOption(subject, "force-irmap")}; or have the program poll.`,
        places: [holder === undefined ? place : { ...place, pid: holder.pid, fd: holder.fd }],
        facts: { watches: without.length, option: "force-irmap" },
      };
    }
  },
};

import { placeOf } from "../../facts/place.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const hardLink: Rule = {
  id: "locked-down/hard-link",
  title: "Archive has another name",
  severity: "medium",
  looksAt: "number of hard links of the archive",
  why: "Through a second name the archive stays when this one is deleted, and may lie in a folder that others can change. Runtimes make none.",
  remedy:
    "Find the other names with `find / -xdev -samefile ARCHIVE`; keep a copy of your own: `cp --reflink=auto ARCHIVE COPY`.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const place = await placeOf(subject);
  if (place === undefined || !place.stats.isFile() || place.stats.nlink < 2) return;
  const { path, stats } = place;
  yield {
    message: `${path} has ${stats.nlink} names`,
    key: "",
    places: [{ path }],
    facts: { links: stats.nlink, inode: stats.ino },
  };
}

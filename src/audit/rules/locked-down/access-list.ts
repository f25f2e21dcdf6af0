import { formatMode } from "../../../base/units.ts";
import { withAccessList } from "../../facts/access-list.ts";
import { placeOf } from "../../facts/place.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const accessList: Rule = {
  id: "locked-down/access-list",
  title: "Access list opens the archive to others",
  severity: "high",
  looksAt:
    "the mark that `ls` puts behind the mode, where the group's bits say that an access list could have effect. In a mode of 0600 its mask is empty, so that it gives nobody anything",
  why: "An access list (ACL) gives single users and groups what the mode does not show. The bits of the group are its mask, so the group seems to have access, and others do.",
  remedy:
    "See who it is with `getfacl FILE`, take it away with `setfacl -b FILE`, then `chmod 0600`.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const place = await placeOf(subject);
  if (place === undefined) return;
  const { folders } = place;
  const open = (place.stats.mode & 0o070) !== 0 ? [place] : [];
  const writable = folders.filter(({ stats }) => (stats.mode & 0o020) !== 0);
  for (const { path, stats } of await withAccessList([...open, ...writable])) {
    yield {
      message: `${path} has an access list, of which its mode ${formatMode(stats.mode)} shows only the mask`,
      key: path === place.path ? "archive" : path,
      places: [{ path }],
    };
  }
}

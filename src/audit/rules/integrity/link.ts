import { canonicalName, type TarMember } from "../../../archive/member.ts";
import { leavesTree } from "../../../archive/member-collector.ts";
import { sortedMembers } from "../../facts/members.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const link: Rule = {
  id: "integrity/link",
  title: "Archive holds a link",
  severity: "high",
  looksAt: "symbolic and hard links among the members; `parent` of a chain of dumps aside",
  why: "Runtimes write no links into a checkpoint, but whoever unpacks follows them: reads and writes then go to other files, outside of the archive too.",
  remedy:
    "Do not unpack it with other tools, and do not restore it before it is known who put the link there.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const parent = subject.checkpoint.images?.label("parent");
  const { outside: leaving, links } = await sortedMembers(subject);
  for (const member of [...leaving, ...links]) {
    const name = canonicalName(member.name);
    if (name === parent && isParent(member)) continue;
    const leaves = leavesTree(member);
    const kind = member.type === "symlink" ? "symbolic" : "hard";
    const outside = leaves ? ", outside the archive" : "";
    yield {
      message: `${member.name} is a ${kind} link to ${member.linkName ?? "nothing"}${outside}`,
      key: name,
      places: [{ member: member.name, offset: member.headerOffset }],
      severity: leaves ? "high" : "medium",
      facts: { target: member.linkName ?? "", leaves },
    };
  }
}

/** CRIU's own link to the dump before: a folder beside this one. */
function isParent({ type, linkName = "" }: TarMember): boolean {
  return type === "symlink" && /^(\.\.\/){0,2}[^/\0]+\/?$/.test(linkName);
}

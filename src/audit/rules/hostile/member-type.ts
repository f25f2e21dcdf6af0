import { canonicalName, type TarMember } from "../../../archive/member.ts";
import { sortedMembers } from "../../facts/members.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const memberType: Rule = {
  id: "hostile/member-type",
  title: "Link or device stands where a file of the runtime belongs",
  severity: "critical",
  looksAt:
    "types of the members that runtimes and CRIU open by name: metadata, logs, images, folders",
  why: "A runtime that restores opens these by name, as root. A link in such a place makes it read a file of the node into the container's log, or write over one (CVE-2026-53489: container.log).",
  remedy:
    "Do not restore it. Update containerd to 2.1.9, 2.2.5, 2.3.2 or later; find out who made the archive.",
  references: ["https://nvd.nist.gov/vuln/detail/CVE-2026-53489"],
  evaluate,
};

const words: Readonly<Record<TarMember["type"], string>> = {
  file: "a file",
  directory: "a folder",
  symlink: "a symbolic link",
  hardlink: "a hard link",
  "character-device": "a character device",
  "block-device": "a block device",
  fifo: "a named pipe",
  unknown: "of an unknown type",
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  for (const { member, belongs } of (await sortedMembers(subject)).misplaced) {
    const { type, linkName } = member;
    // A folder or a file in the wrong place hurts nobody: the restore fails.
    const mild = type === "directory" || type === "file" || type === "unknown";
    const to = linkName === undefined ? "" : ` to ${linkName}`;
    yield {
      message: `${member.name} is ${words[type]}${to}, where ${belongs} belongs`,
      key: canonicalName(member.name),
      places: [{ member: member.name, offset: member.headerOffset }],
      ...(mild ? { severity: "high" as const } : {}),
      facts: { type, target: linkName ?? "" },
    };
  }
}

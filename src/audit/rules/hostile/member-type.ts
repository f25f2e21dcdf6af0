import { canonicalName, type TarMember } from "../../../archive/member.ts";
import { knownPlace } from "../../facts/known-files.ts";
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

function* evaluate({ checkpoint: { archive } }: Subject): Generator<Sighting> {
  for (const member of archive.members) {
    const { type } = member;
    if (type === "unknown") continue;
    const name = canonicalName(member.name);
    const place = knownPlace(name);
    if (place === undefined || type === (place === "folder" ? "directory" : "file")) continue;
    // A folder of that name hurts nobody: the restore fails.
    const mild = type === "directory" || type === "file";
    const to = member.linkName === undefined ? "" : ` to ${member.linkName}`;
    const right = place === "folder" ? "a folder" : "a file";
    yield {
      message: `${member.name} is ${words[type]}${to}, where ${right} belongs`,
      key: name,
      places: [{ member: member.name, offset: member.headerOffset }],
      ...(mild ? { severity: "high" as const } : {}),
      facts: { type, target: member.linkName ?? "" },
    };
  }
}

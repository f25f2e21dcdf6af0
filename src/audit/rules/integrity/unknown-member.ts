import { canonicalName } from "../../../archive/member.ts";
import { sortedMembers } from "../../facts/members.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const unknownMember: Rule = {
  id: "integrity/unknown-member",
  title: "Archive holds a member that no runtime writes",
  severity: "low",
  looksAt: "names and types of the members",
  why: "What no runtime wrote was put there by somebody, or by a version that this one does not know.",
  remedy:
    "Look at it: `cryoscope extract ARCHIVE MEMBER`. If a newer runtime wrote it, update cryoscope.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  for (const member of (await sortedMembers(subject)).unknown) {
    const typeless = member.type === "unknown";
    const odd = typeless
      ? "is of a type that no tar standard names"
      : "is no file that CRIU or a runtime writes";
    yield {
      message: `${member.name} ${odd}`,
      key: canonicalName(member.name),
      places: [{ member: member.name, offset: member.headerOffset }],
      ...(typeless ? { severity: "medium" as const } : {}),
    };
  }
}

import { canonicalName, nameHazard, type TarMember } from "../../../archive/member.ts";
import { describeContent } from "../../../checkpoint/content.ts";
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

function* evaluate({ checkpoint: { archive } }: Subject): Generator<Sighting> {
  for (const member of archive.members) {
    const odd = oddity(member);
    if (odd === undefined) continue;
    yield {
      message: `${member.name} ${odd}`,
      key: canonicalName(member.name),
      places: [{ member: member.name, offset: member.headerOffset }],
      ...(member.type === "unknown" ? { severity: "medium" as const } : {}),
    };
  }
}

function oddity(member: TarMember): string | undefined {
  if (member.type === "unknown") return "is of a type that no tar standard names";
  // Unsafe names are told by integrity/unsafe-name.
  if (member.type !== "file" || nameHazard(member.name) !== undefined) return undefined;
  const unknown = describeContent(member).title === "unknown";
  return unknown ? "is no file that CRIU or a runtime writes" : undefined;
}

import { canonicalName } from "../../../archive/member.ts";
import { sortedMembers } from "../../facts/members.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const device: Rule = {
  id: "integrity/device",
  title: "Archive holds a device or a named pipe",
  severity: "high",
  looksAt: "types of the members",
  why: "Unpacked as root, a device gives whoever can open it the disk or the memory of the node, and a named pipe stops whoever reads it. Runtimes write neither.",
  remedy: "Do not unpack it with other tools; make the checkpoint again.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  for (const member of (await sortedMembers(subject)).devices) {
    const kind = member.type === "fifo" ? "named pipe" : member.type.replace("-", " ");
    yield {
      message: `${member.name} is a ${kind}`,
      key: canonicalName(member.name),
      places: [{ member: member.name, offset: member.headerOffset }],
    };
  }
}

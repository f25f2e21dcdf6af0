import { canonicalName } from "../../../archive/member.ts";
import { knownPlace } from "../../facts/known-files.ts";
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

const kinds: Readonly<Record<string, string>> = {
  "character-device": "a character device",
  "block-device": "a block device",
  fifo: "a named pipe",
};

function* evaluate({ checkpoint: { archive } }: Subject): Generator<Sighting> {
  for (const member of archive.members) {
    const kind = kinds[member.type];
    const name = canonicalName(member.name);
    if (kind === undefined || knownPlace(name) !== undefined) continue;
    yield {
      message: `${member.name} is ${kind}`,
      key: name,
      places: [{ member: member.name, offset: member.headerOffset }],
    };
  }
}

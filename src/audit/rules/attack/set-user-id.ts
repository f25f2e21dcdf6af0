import { nestedFacts, nestedKey } from "../../facts/nested.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Programs that give their owner's rights, made after the container started. */
export const setUserId: Rule = {
  id: "attack/set-user-id",
  title: "Set-user-ID program was made",
  severity: "high",
  looksAt: "modes of files in rootfs-diff.tar, volumes, /dev/shm and tmpfs images",
  why: "Such a program gives whoever starts it the rights of its owner: the usual back door to root. Images bring theirs along; running containers make none.",
  remedy:
    "Do not restore the container before it is known who made the program; `allowPrivilegeEscalation: false` keeps such programs from having any effect.",
  references: ["https://attack.mitre.org/techniques/T1548/001/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { setuid } = await nestedFacts(subject);
    for (const found of setuid) {
      yield {
        message: `${found.label} ${found.why}: mode ${found.member.mode.toString(8)}, owner ${found.member.uid}`,
        key: nestedKey(found),
        places: [{ member: found.label }],
        facts: { mode: found.member.mode.toString(8) },
      };
    }
  },
};

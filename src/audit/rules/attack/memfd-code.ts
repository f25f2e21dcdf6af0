import { compiles, mappingPlace, readExecutableMappings } from "../../facts/executable-memory.ts";
import { memfdPrograms } from "../../facts/programs.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Code that was loaded from a memfd, a file that no folder ever held. */
export const memfdCode: Rule = {
  id: "attack/memfd-code",
  title: "Code in a memfd",
  severity: "high",
  looksAt: "programs of mm-PID.img that are memfds, executable mappings of memfds",
  why: "A memfd is a file in memory alone: what is run from it leaves no trace on a disk. Malware is loaded so; of ordinary programs some just-in-time compilers map their code so.",
  remedy:
    "Save it for analysis: `cryoscope memory dump ARCHIVE --pid PID --mapping ADDRESS`. Unless the program is known for it, treat the container as taken over.",
  references: ["https://attack.mitre.org/techniques/T1620/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const programs = await memfdPrograms(subject);
    for (const { task, memfd, place } of programs) {
      yield {
        message: `${task.name} runs a program from the memfd ${memfd}`,
        key: `program ${memfd}`,
        severity: "critical",
        places: [place],
        facts: { memfd },
      };
    }
    const own = new Map(programs.map(({ task, fileId }) => [task, BigInt(fileId)]));
    for (const found of await readExecutableMappings(subject)) {
      const { kind, writable, task, mapping } = found;
      // One that may be written too is told by attack/writable-executable.
      if (kind !== "memfd" || writable || own.get(task) === mapping.entry.shmid) continue;
      const compiled = compiles(task);
      const because =
        compiled === undefined ? "" : `; the program compiles ${compiled} while it runs`;
      yield {
        message: `${task.name} has code from the memfd ${mapping.name.slice(memfdPrefix)}${because}`,
        key: `mapping ${mapping.name}`,
        severity: compiled === undefined ? "high" : "medium",
        places: [mappingPlace(subject, found)],
        facts: { memfd: mapping.name.slice(memfdPrefix), compiles: compiled !== undefined },
      };
    }
  },
};

const memfdPrefix = "/memfd:".length;

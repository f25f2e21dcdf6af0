import { formatBytes } from "../../../base/units.ts";
import {
  compiles,
  type ExecutableMapping,
  mappingBytes,
  mappingPlace,
  readExecutableMappings,
} from "../../facts/executable-memory.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Code that no file holds. */
export const anonymousExecutable: Rule = {
  id: "attack/anonymous-executable",
  title: "Code without a file",
  severity: "high",
  looksAt: "mappings of mm-PID.img that may be run, may not be written and have no file",
  why: "Programs and libraries are mapped from files. Code in memory without a file was written there while the program ran: by a just-in-time compiler, or by whoever injected it.",
  remedy:
    "Look at what is there: `cryoscope memory dump ARCHIVE --pid PID --mapping ADDRESS`. If the program does not compile while it runs, treat the container as taken over.",
  references: ["https://attack.mitre.org/techniques/T1620/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const found of await readExecutableMappings(subject)) {
      if (found.kind === "anonymous" && !found.writable) yield sighting(subject, found);
    }
  },
};

function sighting(subject: Subject, found: ExecutableMapping): Sighting {
  const { task, mapping } = found;
  const compiled = compiles(task);
  const where = mapping.name === "" ? "memory without a file" : mapping.name;
  const because = compiled === undefined ? "" : `; the program compiles ${compiled} while it runs`;
  return {
    message: `${task.name} has ${formatBytes(mappingBytes(found))} of code in ${where}${because}`,
    key: `${task.program ?? task.process.comm ?? ""} ${where}`,
    severity: compiled === undefined ? "high" : "low",
    places: [mappingPlace(subject, found)],
    facts: { program: task.program ?? "", compiles: compiled !== undefined },
  };
}

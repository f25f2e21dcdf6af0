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

/** Memory that is written and run: where injected code lives. */
export const writableExecutable: Rule = {
  id: "attack/writable-executable",
  title: "Memory is writable and executable",
  severity: "high",
  looksAt: "protection of every mapping in mm-PID.img",
  why: "Compilers and loaders take one right away before they give the other. Memory that has both is what shellcode and injected libraries need; only a few just-in-time compilers keep it so.",
  remedy:
    "Look at what is there: `cryoscope memory dump ARCHIVE --pid PID --mapping ADDRESS`. If the program does not compile while it runs, treat the container as taken over.",
  references: ["https://attack.mitre.org/techniques/T1055/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const found of await readExecutableMappings(subject)) {
      if (found.writable) yield sighting(subject, found);
    }
  },
};

function sighting(subject: Subject, found: ExecutableMapping): Sighting {
  const { task, mapping } = found;
  const what = mapping.name === "" ? "anonymous memory" : mapping.name;
  const compiled = compiles(task);
  const because = compiled === undefined ? "" : `; the program compiles ${compiled} while it runs`;
  return {
    message: `${task.name} has ${formatBytes(mappingBytes(found))} of ${what} that it may write and run${because}`,
    key: `${task.program ?? task.process.comm ?? ""} ${what}`,
    severity: compiled === undefined ? "high" : "medium",
    places: [mappingPlace(subject, found)],
    facts: { program: task.program ?? "", compiles: compiled !== undefined },
  };
}

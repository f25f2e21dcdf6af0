import { readDumpLog } from "../../../checkpoint/needs/dump-log.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Dumps of a CRIU that did not know restartable sequences. */
export const oldCriu: Rule = {
  id: "restore/old-criu",
  title: "Dumped by an old CRIU",
  severity: "medium",
  looksAt: "the version in the first lines of dump.log",
  why: "glibc 2.35 and later register restartable sequences (rseq). CRIU before 3.17 does not save them, and what it dumped is `killed by signal 11` soon after the restore.",
  remedy:
    "Install CRIU 3.17 or newer and checkpoint again, or start programs with `GLIBC_TUNABLES=glibc.pthread.rseq=0`.",
  references: ["https://github.com/checkpoint-restore/criu/issues/1696"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const version = (await readDumpLog(subject))?.criu?.split(".").map(Number);
    const [major = 0, minor = 0] = version ?? [];
    if (version === undefined || major * 100 + minor >= 317) return;
    const text = `${major}.${minor}`;
    yield {
      message: `CRIU ${text} made the dump, which does not save restartable sequences: programs with glibc 2.35 or newer are \`killed by signal 11\``,
      key: "rseq",
      places: [{ member: "dump.log", offset: 0 }],
      facts: { criu: text },
    };
  },
};

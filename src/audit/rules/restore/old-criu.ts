import { escapedText } from "../../../base/bytes.ts";
import { ArchiveError } from "../../../base/errors.ts";
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
    const version = await dumpVersion(subject);
    if (version === undefined || version.major * 100 + version.minor >= 317) return;
    const text = `${version.major}.${version.minor}`;
    yield {
      message: `CRIU ${text} made the dump, which does not save restartable sequences: programs with glibc 2.35 or newer are \`killed by signal 11\``,
      key: "rseq",
      places: [{ member: "dump.log", offset: 0 }],
      facts: { criu: text },
    };
  },
};

/** CRIU says its version in the first lines. */
const headBytes = 4096;

async function dumpVersion({
  checkpoint,
}: Subject): Promise<{ major: number; minor: number } | undefined> {
  const { archive } = checkpoint;
  const member = archive.find("dump.log");
  if (member?.type !== "file" || !archive.hasContent(member)) return undefined;
  try {
    const head = await archive.read(member, 0, Math.min(headBytes, member.size));
    const match = /\bVersion: (\d{1,3})\.(\d{1,3})/.exec(escapedText(head));
    return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
  } catch (error) {
    // A log that cannot be read is told by the rules of integrity.
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

import { formatMode } from "../../../base/units.ts";
import { laxitySighting } from "../../facts/laxity.ts";
import { isShut, placeOf } from "../../facts/place.ts";
import { problemsOf } from "../../facts/problems.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const mode: Rule = {
  id: "locked-down/mode",
  title: "Archive can be read or written by others",
  severity: "high",
  looksAt: "mode of the archive; of an unpacked one the modes of its files and folders",
  why: "An archive holds the memory of every process: keys, passwords, customers' data. Runtimes write it with mode 0600. Whoever can write to it decides what is restored.",
  remedy: "`cryoscope secure ARCHIVE`; treat what it holds as known to all users of the machine.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const { archive } = subject.checkpoint;
  if (archive.directory) return yield* unpacked(subject);
  for (const problem of await problemsOf(subject, mode.id)) {
    const written = ((archive.file?.mode ?? 0) & 0o022) !== 0;
    yield { ...laxitySighting(problem), ...(written ? { severity: "critical" as const } : {}) };
  }
}

/** The gate names the first file that is open; here all are told. */
async function* unpacked(subject: Subject): AsyncGenerator<Sighting> {
  const { archive } = subject.checkpoint;
  const place = await placeOf(subject);
  if (place === undefined || isShut(place) || ((archive.file?.mode ?? 0) & 0o011) === 0) return;
  const open = archive.members.filter((member) => member.type === "file" && member.mode & 0o066);
  const [first] = open;
  if (first === undefined) return;
  const more = open.length > 1 ? ` and ${open.length - 1} other files` : "";
  yield {
    message: `${first.name} (mode ${formatMode(first.mode)})${more} can be read or written by others`,
    key: "unpacked",
    places: open.slice(0, 100).map(({ name }) => ({ member: name })),
    remedy: "`chmod -R go= FOLDER`",
  };
}

import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import { type Decoded, decodeMessage } from "../decode.ts";
import { type ImageFrame, openImage } from "../image.ts";
import type { ImageFolder } from "../image-folder.ts";
import type { MessageName } from "../schema/schema.ts";

/** Faults of one image that are told one by one; the rest is counted. */
const toldFaults = 8;

/** The first faults, and the number of those after them: millions must not fill memory. */
class Faults {
  readonly first: ArchiveError[] = [];
  more = 0;

  add(error: ArchiveError): void {
    if (this.first.length < toldFaults) this.first.push(error);
    else this.more += 1;
  }
}

/**
 * Decodes the entries of an image that can be decoded: a broken one becomes a problem and the
 * rest is kept, where `readEntries` would give up the whole image. Undefined where the folder has
 * no such image.
 */
export async function collectEntries<Name extends MessageName>(
  folder: ImageFolder,
  image: string,
  name: Name,
  problems: ProblemLog,
): Promise<Decoded<Name>[] | undefined> {
  const source = folder.open(image);
  if (source === undefined) return undefined;
  const member = folder.label(image);
  const entries: Decoded<Name>[] = [];
  const broken = new Faults();
  try {
    const opened = await openImage(source);
    if (opened.type.message !== name) throw wrongType(opened.type.name, name);
    for await (const batch of opened.frames()) {
      for (const frame of batch) {
        if (!frame.head && !frame.part) decodeInto(entries, name, frame, broken);
      }
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    broken.add(error);
  }
  for (const error of broken.first) problems.addFault("broken-image", error, { member });
  if (broken.more > 0) {
    const message = `${formatCount(broken.more)} further entries of ${image} are broken`;
    problems.add({ severity: "error", code: "broken-image", message, where: { member } });
  }
  return entries;
}

function decodeInto<Name extends MessageName>(
  entries: Decoded<Name>[],
  name: Name,
  frame: ImageFrame,
  broken: Faults,
): void {
  try {
    entries.push(decodeMessage(name, frame.bytes));
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    broken.add(error.at({ entry: frame.index, offset: frame.offset }));
  }
}

function wrongType(found: string, name: MessageName): ArchiveError {
  return new ArchiveError({
    what: "an image is of another type than its name says",
    where: { offset: 0 },
    found,
    allowed: `an image of ${name}`,
    next: "treat the archive as damaged or tampered with",
  });
}

/** An image that something refers to, and that is not there. */
export function missingImage(
  folder: ImageFolder,
  image: string,
  why: string,
  problems: ProblemLog,
): void {
  problems.add({
    severity: "error",
    code: "missing-image",
    message: `there is no ${image}, ${why}`,
    where: { member: folder.label(image) },
  });
}

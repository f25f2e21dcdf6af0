import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { type Decoded, decodeMessage } from "../decode.ts";
import { type ImageFrame, openImageOf } from "../image.ts";
import type { ImageFolder } from "../image-folder.ts";
import type { MessageName } from "../schema/schema.ts";

/** After so many broken entries an image is given up: it is made to keep us busy. */
const maxFaults = 16;

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
  const broken: ArchiveError[] = [];
  try {
    const opened = await openImageOf(source, name);
    for await (const batch of opened.frames()) {
      for (const frame of batch) {
        if (!frame.head && !frame.part) decodeInto(entries, name, frame, broken);
        if (broken.length === maxFaults) throw givenUp(frame);
      }
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    broken.push(error);
  }
  for (const error of broken) problems.addFault("broken-image", error, { member });
  return entries;
}

function decodeInto<Name extends MessageName>(
  entries: Decoded<Name>[],
  name: Name,
  frame: ImageFrame,
  broken: ArchiveError[],
): void {
  try {
    entries.push(decodeMessage(name, frame.bytes));
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    broken.push(error.at({ entry: frame.index, offset: frame.offset }));
  }
}

function givenUp({ index, offset }: ImageFrame): ArchiveError {
  return new ArchiveError({
    what: "the rest of an image is not read, because too many of its entries are broken",
    where: { entry: index, offset },
    found: `${maxFaults} broken entries`,
    allowed: `${maxFaults - 1}`,
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

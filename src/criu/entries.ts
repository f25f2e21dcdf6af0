import { ArchiveError, type Place } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import { type Decoded, decodeMessage } from "../decode.ts";
import { type ImageFrame, openImageOf } from "../image.ts";
import type { ImageFolder } from "../image-folder.ts";
import type { MessageName } from "../schema/schema.ts";

/** What readers of a dump need: its images, and a place for what is wrong with them. */
export interface ReadContext {
  folder: ImageFolder;
  problems: ProblemLog;
}

/** An entry with its place, and where the raw bytes behind it are. Offsets in bytes. */
export interface Placed<Name extends MessageName> {
  entry: Decoded<Name>;
  place: Place;
  payload: { offset: number; length: number } | undefined;
}

/**
 * Hands out every entry of an image. An entry that is broken becomes a problem, and the rest is
 * read; where the framing itself is broken, what came before it is handed out.
 * @returns false where there is no such image.
 */
export async function forEachEntry<Name extends MessageName>(
  { folder, problems }: ReadContext,
  image: string,
  name: Name,
  visit: (placed: Placed<Name>) => void,
): Promise<boolean> {
  const source = folder.open(image);
  if (source === undefined) return false;
  const member = folder.label(image);
  try {
    const opened = await openImageOf(source, name);
    let count = 0;
    for await (const batch of opened.frames()) {
      for (const frame of batch) {
        if (frame.head || frame.part) continue;
        count += 1;
        if (count > limits.fileEntries) throw tooMany(frame.offset);
        visitFrame(frame, name, member, problems, visit);
      }
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-image", error, { member });
  }
  return true;
}

function visitFrame<Name extends MessageName>(
  frame: ImageFrame,
  name: Name,
  member: string,
  problems: ProblemLog,
  visit: (placed: Placed<Name>) => void,
): void {
  const place = { member, entry: frame.index, offset: frame.offset };
  try {
    visit({ entry: decodeMessage(name, frame.bytes), place, payload: frame.payload });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-entry", error, place);
  }
}

function tooMany(offset: number): ArchiveError {
  return new ArchiveError({
    what: "an image has more entries than we keep; the others are not shown",
    where: { offset },
    found: `more than ${formatCount(limits.fileEntries)}`,
    allowed: formatCount(limits.fileEntries),
  });
}

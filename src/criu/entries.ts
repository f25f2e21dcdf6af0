import { ArchiveError, type Place } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { ProblemLog } from "../base/problem.ts";
import { formatCount } from "../base/units.ts";
import { type Decoded, decodeMessage } from "./decode.ts";
import type { ImageFrame } from "./frames.ts";
import { openImageOf } from "./image.ts";
import type { ImageFolder } from "./image-folder.ts";
import type { MessageName } from "./schema/schema.ts";

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
 * Hands out every entry of an image, where `readEntries` would give up the whole image. An entry
 * that is broken becomes a problem, and the rest is read; where the framing itself is broken, what
 * came before it is handed out.
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
    const reader = new EntryReader(name, member, problems);
    for await (const batch of opened.frames()) {
      for (const frame of batch) {
        if (frame.head || frame.part) continue;
        const entry = reader.read(frame);
        if (entry !== undefined) visit(entry);
      }
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-image", error, { member });
  }
  return true;
}

/** The entries of an image that `forEachEntry` hands out. Undefined where there is no such image. */
export async function collectEntries<Name extends MessageName>(
  context: ReadContext,
  image: string,
  name: Name,
): Promise<Decoded<Name>[] | undefined> {
  const entries: Decoded<Name>[] = [];
  const found = await forEachEntry(context, image, name, ({ entry }) => entries.push(entry));
  return found ? entries : undefined;
}

/** Decodes single entries, and counts them: an image may be made to keep us busy. */
class EntryReader<Name extends MessageName> {
  readonly #name: Name;
  readonly #member: string;
  readonly #problems: ProblemLog;
  #count = 0;
  #broken = 0;

  constructor(name: Name, member: string, problems: ProblemLog) {
    this.#name = name;
    this.#member = member;
    this.#problems = problems;
  }

  /** Undefined, with a problem, where the entry is broken. */
  read(frame: ImageFrame): Placed<Name> | undefined {
    this.#count += 1;
    if (this.#count > limits.fileEntries) throw tooMany(frame);
    const place = { member: this.#member, entry: frame.index, offset: frame.offset };
    try {
      return { entry: decodeMessage(this.#name, frame.bytes), place, payload: frame.payload };
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#problems.addFault("broken-entry", error, place);
    }
    this.#broken += 1;
    if (this.#broken === limits.brokenEntries) throw givenUp(frame);
    return undefined;
  }
}

function tooMany({ offset }: ImageFrame): ArchiveError {
  return new ArchiveError({
    what: "an image has more entries than we keep; the others are not shown",
    where: { offset },
    found: `more than ${formatCount(limits.fileEntries)}`,
    allowed: formatCount(limits.fileEntries),
  });
}

function givenUp({ index, offset }: ImageFrame): ArchiveError {
  return new ArchiveError({
    what: "the rest of an image is not read, because too many of its entries are broken",
    where: { entry: index, offset },
    found: `${limits.brokenEntries} broken entries`,
    allowed: `${limits.brokenEntries - 1}`,
  });
}

/** Tells of an image that something refers to, and that is not there. */
export function missingImage({ folder, problems }: ReadContext, image: string, why: string): void {
  problems.add({
    severity: "error",
    code: "missing-image",
    message: `there is no ${image}, ${why}`,
    where: { member: folder.label(image) },
  });
}

import type { ByteSource } from "../base/byte-source.ts";
import { u32le } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { hexMagic } from "../base/units.ts";
import { decodeMessage } from "./decode.ts";
import { type FramePlace, type ImageFrame, readFrames } from "./frames.ts";
import {
  type ImageType,
  imageTypeOf,
  imgCommonMagic,
  imgServiceMagic,
  type MessageName,
} from "./schema/schema.ts";

/** An image's type, and its frames in order. */
export interface CriuImage {
  type: ImageType;
  /**
   * Batches of frames, so that images of a million entries need no million awaits.
   * @param from a frame to begin with, which another reading met; the first where it is left out
   */
  frames(from?: FramePlace): AsyncGenerator<ImageFrame[]>;
}

/**
 * Reads the magic of an image.
 *
 * Images begin with the common magic and the type's (since CRIU 1.5, format 1.1), `stats-*` and
 * `irmap-cache` with the service magic and the type's, `inventory` and all older ones with the
 * type's alone (`criu/image.c`, `include/magic.h`).
 * @throws ArchiveError when no known magic stands there.
 */
export async function openImage(source: ByteSource): Promise<CriuImage> {
  const head = await source.read(0, 8);
  if (head.length < 4) throw wrongMagic(`${head.length} bytes`);
  const first = u32le(head, 0);
  const prefixed = first === imgCommonMagic || first === imgServiceMagic;
  if (prefixed && head.length < 8) throw wrongMagic("a cut magic");
  const magic = prefixed ? u32le(head, 4) : first;
  const type = imageTypeOf(magic);
  if (type === undefined) throw wrongMagic(hexMagic(magic));
  const begin = { index: 0, offset: prefixed ? 8 : 4 };
  return { type, frames: (from = begin) => readFrames(source, type, from) };
}

function wrongMagic(found: string): ArchiveError {
  return new ArchiveError({
    what: "this is no CRIU image that we know",
    where: { offset: 0 },
    found,
    allowed: "the magic of one of the image types of CRIU 4.2",
    next: "if a newer CRIU wrote it, update cryoscope; else the image is damaged or not an image",
  });
}

/** Opens an image whose entries have to be of one message, as its name says. */
export async function openImageOf(source: ByteSource, name: MessageName): Promise<CriuImage> {
  const image = await openImage(source);
  if (image.type.message === name) return image;
  throw new ArchiveError({
    what: "an image is of another type than its name says",
    where: { offset: 0 },
    found: image.type.name,
    allowed: `an image of ${name}`,
    next: "treat the archive as damaged or tampered with",
  });
}

/** Decodes every entry of an image that is small enough to be held: not page tables. */
export async function readEntries<Name extends MessageName>(
  source: ByteSource,
  name: Name,
): Promise<ReturnType<typeof decodeMessage<Name>>[]> {
  const image = await openImageOf(source, name);
  const entries: ReturnType<typeof decodeMessage<Name>>[] = [];
  for await (const batch of image.frames()) {
    for (const frame of batch) {
      if (frame.head || frame.part) continue;
      try {
        entries.push(decodeMessage(name, frame.bytes));
      } catch (error) {
        const place = { entry: frame.index, offset: frame.offset };
        throw error instanceof ArchiveError ? error.at(place) : error;
      }
    }
  }
  return entries;
}

/** How many entries an image holds, heads and parts not counted. Nothing is decoded needlessly. */
export async function countEntries(
  source: ByteSource,
): Promise<{ type: ImageType; entries: number }> {
  const image = await openImage(source);
  let entries = 0;
  for await (const batch of image.frames()) {
    for (const frame of batch) if (!frame.head && !frame.part) entries += 1;
  }
  return { type: image.type, entries };
}

import { decodeMessage } from "../../../src/criu/decode.ts";
import { isSizedPayload, payloadLength } from "../../../src/criu/payload.ts";
import {
  type ImageType,
  imageTypeOf,
  imgCommonMagic,
  imgServiceMagic,
  type MessageName,
} from "../../../src/criu/schema/schema.ts";

/** An image in pieces. What cannot be cut into entries any more is the tail. */
export interface Framing {
  type: ImageType;
  magic: Buffer;
  entries: { message: MessageName; bytes: Buffer; payload: Buffer; lie?: number }[];
  tail: Buffer;
}

function typeOf(image: Buffer): { type: ImageType; length: number } | undefined {
  if (image.length < 8) return undefined;
  const first = image.readUInt32LE(0);
  const prefixed = first === imgCommonMagic || first === imgServiceMagic;
  const type = imageTypeOf(prefixed ? image.readUInt32LE(4) : first);
  return type && { type, length: prefixed ? 8 : 4 };
}

/** Does an image that we know begin here? */
export function hasMagic(image: Buffer): boolean {
  return typeOf(image) !== undefined;
}

/** Cuts an image into its entries; undefined where no known magic stands. */
export function readFraming(image: Buffer): Framing | undefined {
  const found = typeOf(image);
  if (found === undefined) return undefined;
  const { type } = found;
  let at = found.length;
  const framing: Framing = {
    type,
    magic: image.subarray(0, at),
    entries: [],
    tail: Buffer.alloc(0),
  };
  while (at + 4 <= image.length) {
    const end = at + 4 + image.readUInt32LE(at);
    if (end > image.length) break;
    const message = framing.entries.length === 0 ? (type.head ?? type.message) : type.message;
    const bytes = image.subarray(at + 4, end);
    const length = behind(type, message, bytes);
    framing.entries.push({ message, bytes, payload: image.subarray(end, end + length) });
    at = Math.min(image.length, end + length);
  }
  framing.tail = image.subarray(at);
  return framing;
}

/** Bytes behind an entry. Ghost files and SysV queues frame themselves, well enough for us. */
function behind({ extra }: ImageType, message: MessageName, bytes: Buffer): number {
  if (extra === undefined || !isSizedPayload(extra)) return 0;
  try {
    return payloadLength(extra, decodeMessage(message, bytes));
  } catch {
    return 0;
  }
}

export function writeFraming({ magic, entries, tail }: Framing): Buffer {
  const pieces: Buffer[] = [magic];
  for (const { bytes, payload, lie } of entries) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE((lie ?? bytes.length) >>> 0);
    pieces.push(length, bytes, payload);
  }
  pieces.push(tail);
  return Buffer.concat(pieces);
}

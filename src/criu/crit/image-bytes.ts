import { ArchiveError } from "../../base/errors.ts";
import { encodeMessage } from "../encode.ts";
import {
  type ImageType,
  imageTypes,
  imgCommonMagic,
  imgServiceMagic,
  type MessageName,
} from "../schema/schema.ts";
import type { Messages } from "../schema/types.ts";
import { base64Bytes, kindOf, misfit, objectOf, shown, valueMessage } from "./from-value.ts";
import { type CritValue, parseExact } from "./json-text.ts";

/**
 * The image that a JSON of `imageJson` (or of crit, plain or pretty) describes, in pieces.
 * @throws ArchiveError that names entry and field for JSON that is no image.
 */
export function* imageBytes(json: string): Generator<Uint8Array> {
  const { type, entries } = parseImage(json);
  yield magicBytes(type);
  for (const [index, value] of entries.entries()) {
    try {
      yield* entryBytes(type, value, index);
    } catch (error) {
      throw error instanceof ArchiveError ? error.at({ entry: index }) : error;
    }
  }
}

function parseImage(json: string): { type: ImageType; entries: readonly CritValue[] } {
  let value: CritValue;
  try {
    value = parseExact(json);
  } catch (error) {
    throw new ArchiveError({
      what: "this is no JSON",
      found: (error as Error).message,
      allowed: "the JSON of cryoscope decode, or of crit decode",
      cause: error,
    });
  }
  const image = objectOf(value, "image");
  const type = imageTypes().find(({ name }) => name === image["magic"]);
  if (type === undefined) {
    const { magic } = image;
    const found = typeof magic === "string" ? JSON.stringify(magic) : kindOf(magic);
    throw misfit("image", "magic", found, "an image type of CRIU");
  }
  const entries = image["entries"];
  if (!Array.isArray(entries)) throw misfit("image", "entries", kindOf(entries), "a list");
  return { type, entries };
}

function magicBytes(type: ImageType): Uint8Array {
  // The inventory has its magic alone; statistics and the inode cache are service files.
  if (type.name === "INVENTORY") return words(type.magic);
  const service = type.name === "STATS" || type.name === "IRMAP_CACHE";
  return words(service ? imgServiceMagic : imgCommonMagic, type.magic);
}

function* entryBytes(type: ImageType, value: CritValue, index: number): Generator<Uint8Array> {
  const name = index === 0 && type.head !== undefined ? type.head : type.message;
  const message = valueMessage(name, value);
  yield* framed(name, message);
  const { extra } = objectOf(value, name);
  if (type.extra !== undefined && extra !== undefined) {
    yield* extraBytes(type.extra, message, extra);
  }
}

function* framed(name: MessageName, message: Record<string, unknown>): Generator<Uint8Array> {
  const bytes = encodeMessage(name, message);
  yield words(bytes.length);
  yield bytes;
}

function* extraBytes(
  kind: string,
  message: Record<string, unknown>,
  extra: CritValue,
): Generator<Uint8Array> {
  switch (kind) {
    case "tcp_stream": {
      const queues = objectOf(extra, "extra");
      yield base64Bytes("extra", queues["inq"]);
      yield base64Bytes("extra", queues["outq"]);
      return;
    }
    case "ipc_sem_set":
      yield* padded(u16Bytes(extra), 8);
      return;
    case "ipc_msg_queue":
      yield* queueBytes(extra);
      return;
    case "ipc_shm": {
      const shared = message as unknown as Messages["ipc_shm_entry"];
      const bytes = base64Bytes("extra", extra);
      if (shared.in_pagemaps !== true || bytes.length > 0) yield* padded(bytes, 4);
      return;
    }
    default:
      yield base64Bytes("extra", extra);
  }
}

function* queueBytes(extra: CritValue): Generator<Uint8Array> {
  if (!Array.isArray(extra)) throw misfit("extra", "messages", typeof extra, "a list");
  const list = extra as CritValue[];
  for (let at = 0; at + 1 < list.length; at += 2) {
    yield* framed("ipc_msg", valueMessage("ipc_msg", list[at] as CritValue));
    yield* padded(base64Bytes("extra", list[at + 1]), 8);
  }
}

function* padded(bytes: Uint8Array, unit: number): Generator<Uint8Array> {
  yield bytes;
  const rest = bytes.length % unit;
  if (rest > 0) yield new Uint8Array(unit - rest);
}

function u16Bytes(value: CritValue): Uint8Array {
  if (!Array.isArray(value)) throw misfit("extra", "semaphores", typeof value, "a list of numbers");
  const bytes = new Uint8Array(value.length * 2);
  for (const [at, entry] of (value as CritValue[]).entries()) {
    if (typeof entry !== "number" || entry < 0 || entry > 0xffff) {
      throw misfit("extra", "semaphores", shown(entry), "numbers from 0 to 65535");
    }
    bytes[at * 2] = entry & 0xff;
    bytes[at * 2 + 1] = entry >> 8;
  }
  return bytes;
}

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setUint32(at * 4, value, true);
  return bytes;
}

import { encodeMessage } from "../../src/criu/encode.ts";
import {
  type Field,
  imageTypes,
  imgCommonMagic,
  imgServiceMagic,
  type MessageName,
  messageSchema,
} from "../../src/criu/schema/schema.ts";

/** Writes CRIU images for tests: framing of our own around messages that `src/criu` encodes. */

/** A message with nothing but what it must have, at its plainest. */
export function minimal(name: MessageName): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of messageSchema(name).fields) {
    if (field.required) values[field.name] = plainest(field);
  }
  return values;
}

function plainest(field: Field): unknown {
  switch (field.kind) {
    case "message":
      return minimal(field.message as MessageName);
    case "string":
      return "";
    case "bytes":
      return new Uint8Array(0);
    case "bool":
      return false;
    case "enum":
      return field.values?.keys().next().value ?? 0;
    case "uint64":
    case "int64":
    case "sint64":
    case "fixed64":
      return 0n;
    default:
      return 0;
  }
}

export function u32(value: number): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32LE(value);
  return word;
}

/** A length-prefixed entry, with the raw bytes that follow it. */
export function entry(name: MessageName, values: object, payload?: Uint8Array): Buffer {
  const message = encodeMessage(name, values as Record<string, unknown>);
  return Buffer.concat([u32(message.length), message, payload ?? Buffer.alloc(0)]);
}

/** The magic words that CRIU puts before an image of that type. */
export function magic(type: string): Buffer {
  const found = imageTypes().find(({ name }) => name === type);
  if (found === undefined) throw new Error(`no image type ${type}`);
  if (type === "INVENTORY") return u32(found.magic);
  const first = type === "STATS" || type === "IRMAP_CACHE" ? imgServiceMagic : imgCommonMagic;
  return Buffer.concat([u32(first), u32(found.magic)]);
}

/** An image of entries that `entry` made, or of any other bytes. */
export function image(type: string, ...entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat([magic(type), ...entries]);
}

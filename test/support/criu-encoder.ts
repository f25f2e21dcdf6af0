import protobuf from "protobufjs/minimal.js";
import {
  type Field,
  imageTypes,
  imgCommonMagic,
  imgServiceMagic,
  type MessageName,
  messageSchema,
} from "../../src/criu/schema/schema.ts";

/** Writes CRIU images for tests: the counterpart of what `src/criu` reads. */

/** Field values by name, as `decodeMessage` hands them out. */
export type Fields = Readonly<Record<string, unknown>>;

export function encodeMessage(name: MessageName, values: object): Uint8Array {
  const writer = protobuf.Writer.create();
  writeFields(writer, name, values as Fields);
  return writer.finish();
}

function writeFields(writer: protobuf.Writer, name: MessageName, values: Fields): void {
  for (const field of messageSchema(name).fields) {
    const value = values[field.name];
    if (value === undefined) continue;
    for (const one of field.repeated ? (value as unknown[]) : [value])
      writeField(writer, field, one);
  }
}

const wireTypes: Partial<Record<Field["kind"], number>> = {
  string: 2,
  bytes: 2,
  message: 2,
  fixed32: 5,
  fixed64: 1,
};

function writeField(writer: protobuf.Writer, field: Field, value: unknown): void {
  writer.uint32((field.id << 3) | (wireTypes[field.kind] ?? 0));
  const number = Number(value);
  switch (field.kind) {
    case "uint32":
      writer.uint32(number);
      break;
    case "int32":
    case "enum":
      writer.int32(number);
      break;
    case "sint32":
      writer.sint32(number);
      break;
    case "fixed32":
      writer.fixed32(number);
      break;
    case "bool":
      writer.bool(value === true);
      break;
    case "uint64":
      writer.uint64(halves(value));
      break;
    case "int64":
      writer.int64(halves(value));
      break;
    case "sint64":
      writer.sint64(halves(value));
      break;
    case "fixed64":
      writer.fixed64(halves(value));
      break;
    case "string":
      writer.string(String(value));
      break;
    case "bytes":
      writer.bytes(value as Uint8Array);
      break;
    case "message":
      writer.bytes(encodeMessage(field.message as MessageName, value as Fields));
      break;
  }
}

/** protobufjs wants halves where the package `long` is not loaded. */
function halves(value: unknown): protobuf.Long {
  const bits = BigInt.asUintN(64, BigInt(value as bigint | number));
  const low = Number(bits & 0xffffffffn) | 0;
  const high = Number(bits >> 32n) | 0;
  return { low, high, unsigned: true } as protobuf.Long;
}

export function u32(value: number): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32LE(value);
  return word;
}

/** A length-prefixed entry, with the raw bytes that follow it. */
export function entry(name: MessageName, values: object, payload?: Uint8Array): Buffer {
  const message = encodeMessage(name, values);
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

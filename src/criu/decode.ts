import protobuf from "protobufjs/minimal.js";
import { escapedText } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import {
  type Field,
  type MessageName,
  type MessageSchema,
  messageSchema,
} from "./schema/schema.ts";
import type { Messages } from "./schema/types.ts";

/** Fields that the schema does not know: a newer CRIU wrote them. Kept with their tags. */
export const unknownFields: unique symbol = Symbol("unknown fields");

/** A decoded message, with what the schema did not know beside it. */
export type Decoded<Name extends MessageName> = Messages[Name] & {
  [unknownFields]?: Uint8Array[];
};

type Record64 = { low: number; high: number };
type Target = Record<string, unknown> & { [unknownFields]?: Uint8Array[] };

/** How deep messages may nest. CRIU's own deepest is 5. */
const nesting = 32;

/**
 * Decodes one protobuf message. `bytes` is not copied: `bytes` fields are views into it.
 * @throws ArchiveError for broken wire format and for a required field that is missing.
 */
export function decodeMessage<Name extends MessageName>(
  name: Name,
  bytes: Uint8Array,
): Decoded<Name> {
  const reader = protobuf.Reader.create(bytes);
  try {
    return readMessage(reader, bytes.length, messageSchema(name), 0) as unknown as Decoded<Name>;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError({
      what: `a ${name} is no valid protobuf message`,
      found: `${(error as Error).message} near byte ${reader.pos}`,
      allowed: `${bytes.length} bytes of whole fields`,
      cause: error,
    });
  }
}

function readMessage(
  reader: protobuf.Reader,
  end: number,
  schema: MessageSchema,
  depth: number,
): Target {
  if (depth > nesting) {
    throw new ArchiveError({
      what: "messages nest too deep",
      found: `${depth}`,
      allowed: `${nesting}`,
    });
  }
  const target: Target = {};
  for (const field of schema.fields) if (field.repeated) target[field.name] = [];
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = reader.uint32();
    const wireType = tag & 7;
    const field = schema.byId.get(tag >>> 3);
    if (field === undefined || !fits(field, wireType)) {
      reader.skipType(wireType);
      target[unknownFields] ??= [];
      target[unknownFields].push(reader.buf.subarray(start, reader.pos));
    } else {
      readField(reader, field, wireType, target, depth);
    }
    if (reader.pos > end) throw new RangeError("a field runs over the end of its message");
  }
  for (const field of schema.fields) {
    if (field.required && target[field.name] === undefined) throw missing(schema, field);
  }
  return target;
}

function readField(
  reader: protobuf.Reader,
  field: Field,
  wireType: number,
  target: Target,
  depth: number,
): void {
  if (!field.repeated) {
    target[field.name] = readValue(reader, field, depth);
    return;
  }
  const list = target[field.name] as unknown[];
  if (
    wireType !== 2 ||
    field.kind === "message" ||
    field.kind === "string" ||
    field.kind === "bytes"
  ) {
    list.push(readValue(reader, field, depth));
    return;
  }
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("a packed field runs over the end of its message");
  while (reader.pos < end) list.push(readValue(reader, field, depth));
}

function readValue(reader: protobuf.Reader, field: Field, depth: number): unknown {
  switch (field.kind) {
    case "uint32":
      return reader.uint32();
    case "int32":
    case "enum":
      return reader.int32();
    case "sint32":
      return reader.sint32();
    case "fixed32":
      return reader.fixed32();
    case "bool":
      return reader.bool();
    case "uint64":
      return unsigned(reader.uint64() as unknown as Record64);
    case "int64":
      return BigInt.asIntN(64, unsigned(reader.int64() as unknown as Record64));
    case "sint64":
      return BigInt.asIntN(64, unsigned(reader.sint64() as unknown as Record64));
    case "fixed64":
      return unsigned(reader.fixed64() as unknown as Record64);
    case "string":
      return readString(reader);
    case "bytes":
      return reader.bytes();
    case "message": {
      const end = reader.uint32() + reader.pos;
      if (end > reader.len) throw new RangeError("a message runs over the end of its parent");
      return readMessage(reader, end, messageSchema(field.message as MessageName), depth + 1);
    }
  }
}

/** Text of a process may be no UTF-8 (`comm`, paths); its bytes are kept as lone surrogates. */
function readString(reader: protobuf.Reader): string {
  const start = reader.pos;
  const value = reader.string();
  if (!value.includes("\ufffd")) return value;
  reader.pos = start;
  return escapedText(reader.bytes());
}

function unsigned(value: Record64): bigint {
  const low = value.low >>> 0;
  const high = value.high >>> 0;
  // Most numbers are small, and making one bigint is cheaper than three.
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
}

/** Does a wire type carry a field of that kind, packed or not? */
function fits(field: Field, wireType: number): boolean {
  switch (field.kind) {
    case "string":
    case "bytes":
    case "message":
      return wireType === 2;
    case "fixed32":
      return wireType === 5 || (wireType === 2 && field.repeated);
    case "fixed64":
      return wireType === 1 || (wireType === 2 && field.repeated);
    default:
      return wireType === 0 || (wireType === 2 && field.repeated);
  }
}

function missing(schema: MessageSchema, field: Field): ArchiveError {
  return new ArchiveError({
    what: `a ${schema.name} lacks its field ${field.name}`,
    found: "no such field",
    allowed: "the field, which CRIU always writes",
  });
}

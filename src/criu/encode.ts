import protobuf from "protobufjs/minimal.js";
import { escapedBytes } from "../base/bytes.ts";
import { unknownFields } from "./decode.ts";
import { type Field, type MessageName, messageSchema } from "./schema/schema.ts";

type Source = { readonly [key: string]: unknown; [unknownFields]?: readonly Uint8Array[] };

/**
 * Encodes a message as protobuf-c does for CRIU: fields by number, lists unpacked unless the
 * schema packs them, fields that the schema does not know behind the others as they were.
 * Values are those of `decodeMessage`.
 */
export function encodeMessage(name: MessageName, value: Source): Uint8Array {
  const writer = protobuf.Writer.create();
  writeMessage(writer, name, value);
  return writer.finish();
}

function writeMessage(writer: protobuf.Writer, name: MessageName, value: Source): void {
  for (const field of messageSchema(name).byNumber) {
    const entry = value[field.name];
    if (entry === undefined) continue;
    if (!field.repeated) writeField(writer, field, entry);
    else if (field.packed) writePacked(writer, field, entry as readonly unknown[]);
    else for (const item of entry as readonly unknown[]) writeField(writer, field, item);
  }
  for (const raw of value[unknownFields] ?? []) writer.raw(raw);
}

function writePacked(writer: protobuf.Writer, field: Field, values: readonly unknown[]): void {
  if (values.length === 0) return;
  writer.uint32((field.id << 3) | 2).fork();
  for (const value of values) writeValue(writer, field, value);
  writer.ldelim();
}

function writeField(writer: protobuf.Writer, field: Field, value: unknown): void {
  writer.uint32((field.id << 3) | wireType(field));
  writeValue(writer, field, value);
}

function wireType({ kind }: Field): number {
  if (kind === "string" || kind === "bytes" || kind === "message") return 2;
  if (kind === "fixed64") return 1;
  return kind === "fixed32" ? 5 : 0;
}

function writeValue(writer: protobuf.Writer, field: Field, value: unknown): void {
  switch (field.kind) {
    case "uint32":
      writer.uint32(Number(value));
      return;
    case "int32":
    case "enum":
      writer.int32(Number(value));
      return;
    case "sint32":
      writer.sint32(Number(value));
      return;
    case "fixed32":
      writer.fixed32(Number(value));
      return;
    case "bool":
      writer.bool(value === true);
      return;
    case "uint64":
    case "int64":
      writer.uint64(halves(BigInt.asUintN(64, value as bigint)) as never);
      return;
    case "sint64":
      writer.uint64(halves(zigzag(value as bigint)) as never);
      return;
    case "fixed64":
      writer.fixed64(halves(value as bigint) as never);
      return;
    case "string":
      writer.bytes(escapedBytes(value as string));
      return;
    case "bytes":
      writer.bytes(value as Uint8Array);
      return;
    case "message":
      writer.fork();
      writeMessage(writer, field.message as MessageName, value as Source);
      writer.ldelim();
  }
}

function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

/** What protobufjs takes for a 64-bit number: two halves. */
function halves(value: bigint): { low: number; high: number; unsigned: boolean } {
  return {
    low: Number(value & 0xffffffffn) | 0,
    high: Number(value >> 32n) | 0,
    unsigned: true,
  };
}

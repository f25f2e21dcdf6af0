import { ArchiveError } from "../../base/errors.ts";
import { readAddress } from "../addresses.ts";
import { unknownFields } from "../decode.ts";
import { type Field, type MessageName, messageSchema } from "../schema/schema.ts";
import { readInteger, readNumber } from "./display.ts";
import type { CritValue } from "./json-text.ts";
import { decodeQuotedPrintable } from "./quoted-printable.ts";
import { unknownKey } from "./to-value.ts";

/** Keys beside the fields of an entry. */
const otherKeys = new Set(["extra", unknownKey]);

/**
 * Reads an entry of crit's JSON, plain or pretty, as `encodeMessage` wants it.
 * @throws ArchiveError that names the field for anything that does not fit the schema.
 */
export function valueMessage(name: MessageName, value: CritValue): Record<string, unknown> {
  const entry = objectOf(value, name);
  const schema = messageSchema(name);
  const message: Record<string, unknown> & { [unknownFields]?: Uint8Array[] } = {};
  for (const field of schema.fields) {
    const found = Object.hasOwn(entry, field.name) ? entry[field.name] : undefined;
    if (found !== undefined) message[field.name] = fieldMessage(name, field, found);
    else if (field.required)
      throw misfit(name, field.name, "nothing", "the field, which CRIU needs");
  }
  const alien = Object.keys(entry).find(
    (key) => !otherKeys.has(key) && !schema.fields.some((field) => field.name === key),
  );
  if (alien !== undefined) {
    throw misfit(name, alien, "a key", schema.fields.map((field) => field.name).join(", "));
  }
  const unknown = entry[unknownKey];
  if (Array.isArray(unknown)) message[unknownFields] = unknown.map((raw) => base64Bytes(name, raw));
  return message;
}

function fieldMessage(name: MessageName, field: Field, value: CritValue): unknown {
  if (!field.repeated) return scalar(name, field, value);
  if (!Array.isArray(value)) throw misfit(name, field.name, typeof value, "a list");
  const list = value as CritValue[];
  if (field.hints["ipadd"] === true && typeof list[0] === "string") {
    const words = readAddress(list[0]);
    if (words !== undefined) return words;
  }
  return list.map((entry) => scalar(name, field, entry));
}

function scalar(name: MessageName, field: Field, value: CritValue): unknown {
  switch (field.kind) {
    case "message":
      return valueMessage(field.message as MessageName, value);
    case "bytes":
      return field.hints["conv"] === "unix_name"
        ? decodeQuotedPrintable(text(name, field, value))
        : base64Bytes(name, value);
    case "string":
      return text(name, field, value);
    case "bool":
      if (typeof value === "boolean") return value;
      throw misfit(name, field.name, kindOf(value), "true or false");
    case "enum":
      return enumNumber(name, field, value);
    default:
      return number(name, field, value);
  }
}

function enumNumber(name: MessageName, field: Field, value: CritValue): number {
  if (typeof value === "number") return value;
  for (const [known, word] of field.values ?? []) if (word === value) return known;
  throw misfit(name, field.name, shown(value), [...(field.values?.values() ?? [])].join(", "));
}

const ranges: Partial<Record<Field["kind"], readonly [bigint, bigint]>> = {
  uint32: [0n, 0xffffffffn],
  fixed32: [0n, 0xffffffffn],
  int32: [-0x80000000n, 0x7fffffffn],
  sint32: [-0x80000000n, 0x7fffffffn],
  uint64: [0n, (1n << 64n) - 1n],
  fixed64: [0n, (1n << 64n) - 1n],
  int64: [-(1n << 63n), (1n << 63n) - 1n],
  sint64: [-(1n << 63n), (1n << 63n) - 1n],
};

function number(name: MessageName, field: Field, value: CritValue): number | bigint {
  const found = integer(field, value);
  const [least, most] = ranges[field.kind] as readonly [bigint, bigint];
  if (found === undefined || found < least || found > most) {
    throw misfit(name, field.name, shown(value), `a whole number from ${least} to ${most}`);
  }
  return field.kind.endsWith("64") ? found : Number(found);
}

function integer(field: Field, value: CritValue): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string") return undefined;
  return readNumber(field, value) ?? readInteger(value);
}

function text(name: MessageName, field: Field, value: CritValue): string {
  if (typeof value === "string") return value;
  throw misfit(name, field.name, typeof value, "a text");
}

export function base64Bytes(where: string, value: CritValue | undefined): Uint8Array {
  if (typeof value === "string" && /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) {
    return Buffer.from(value, "base64");
  }
  throw misfit(where, "bytes", typeof value, "a base64 text");
}

export function objectOf(
  value: CritValue | undefined,
  where: string,
): { [key: string]: CritValue } {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as { [key: string]: CritValue };
  throw misfit(where, "entry", kindOf(value), "an object");
}

/** What a value is, in a word. */
export function kindOf(value: CritValue | undefined): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}

/** A value where it is short; never an object, whose own `toString` may be anything. */
export function shown(value: CritValue | undefined): string {
  return typeof value === "object" || value === undefined ? kindOf(value) : String(value);
}

export function misfit(
  message: string,
  field: string,
  found: string,
  allowed: string,
): ArchiveError {
  return new ArchiveError({ what: `the JSON does not fit ${message}.${field}`, found, allowed });
}

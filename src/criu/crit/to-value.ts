import { showAddress } from "../addresses.ts";
import { unknownFields } from "../decode.ts";
import { type Field, type MessageName, messageSchema } from "../schema/schema.ts";
import { showNumber } from "./display.ts";
import type { CritValue } from "./json-text.ts";
import { encodeQuotedPrintable } from "./quoted-printable.ts";

/** The key under which fields that the schema does not know are carried, as base64. */
export const unknownKey = "(unknown fields)";

/** A decoded message as crit shows it: fields by number, absent ones left out. */
export function messageValue(
  name: MessageName,
  message: object,
  pretty: boolean,
  hex = false,
): { [key: string]: CritValue } {
  const source = message as Record<string, unknown> & { [unknownFields]?: Uint8Array[] };
  const result: { [key: string]: CritValue } = {};
  for (const field of messageSchema(name).byNumber) {
    const value = source[field.name];
    if (value === undefined) continue;
    if (!field.repeated) result[field.name] = fieldValue(field, value, pretty, hex);
    else if ((value as unknown[]).length > 0) {
      result[field.name] = listValue(field, value as unknown[], pretty, hex);
    }
  }
  const unknown = source[unknownFields];
  if (unknown !== undefined) {
    result[unknownKey] = unknown.map((raw) => Buffer.from(raw).toString("base64"));
  }
  return result;
}

function listValue(field: Field, values: unknown[], pretty: boolean, hex: boolean): CritValue {
  if (pretty && field.hints["ipadd"] === true && (values.length === 1 || values.length >= 4)) {
    return [showAddress((values as number[]).slice(0, 4))];
  }
  return values.map((value) => fieldValue(field, value, pretty, hex));
}

function fieldValue(field: Field, value: unknown, pretty: boolean, inherited: boolean): CritValue {
  const hex = inherited || field.hints["hex"] === true;
  switch (field.kind) {
    case "message":
      return messageValue(field.message as MessageName, value as object, pretty, hex);
    case "bytes":
      return field.hints["conv"] === "unix_name"
        ? encodeQuotedPrintable(value as Uint8Array)
        : base64Lines(value as Uint8Array);
    case "enum":
      return field.values?.get(value as number) ?? (value as number);
    case "string":
      return value as string;
    case "bool":
      return value as boolean;
    default:
      return pretty ? showNumber(field, value as number | bigint, hex) : (value as number | bigint);
  }
}

/** Bytes that make one full line of base64. */
export const base64LineBytes = 57;

/** MIME base64: lines of 76 characters, each with a line break, as Python writes it. */
export function base64Lines(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += base64LineBytes) {
    text += `${Buffer.from(bytes.subarray(at, at + base64LineBytes)).toString("base64")}\n`;
  }
  return text;
}

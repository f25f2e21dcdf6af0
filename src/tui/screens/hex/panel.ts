import { viewOf } from "../../../base/bytes.ts";
import { maskText } from "../../../base/mask.ts";
import { fitted, type Line, line, type Role, type Span, span, truncate } from "../../view/line.ts";
import { bytesAt, regionAt, type Shown } from "./items.ts";
import { markedRange, type OpenHex, shownOf } from "./state.ts";

/** One line of the panel; an empty label is a blank line. */
type Field = readonly [label: string, value: string, role?: Role];

/** Bytes of context in which a string is looked for on both sides of the cursor. */
const stringReach = 256;

/** What the bytes from the cursor on may mean. */
export function panelFields(state: OpenHex, reveal: boolean): Field[] {
  const shown = shownOf(state);
  const bytes = bytesAt(shown, state.cursor, 8);
  return [
    ["at", state.cursor.toString(16)],
    ["in", placeText(state, state.cursor)],
    ["", ""],
    ...integers(bytes, state.bigEndian),
    ...floats(bytes, state.bigEndian),
    ...pointer(state, bytes),
    ["", ""],
    ["string", stringAt(shown, state.cursor, reveal)],
    ...times(bytes, state.bigEndian),
    ["", ""],
    ["order", `${state.bigEndian ? "big" : "little"}-endian`, "dim"],
    ...marks(state),
  ];
}

/** Panel lines of a width, as many as there is room for. */
export function panelLines(fields: readonly Field[], columns: number, rows: number): Line[] {
  // Where there is little room, the first letters of a label are enough.
  const [border, labels] = columns < 26 ? ["│", 4] : ["│ ", 7];
  return fields.slice(0, rows).map(([label, value, role = "plain"]) => {
    const name = labels === 4 ? label.slice(0, 3) : label;
    const text: Span = span(truncate(value, columns - border.length - labels), role);
    return line(span(border, "dim"), span(fitted(name, labels), "dim"), text);
  });
}

/** `[heap] + 0x1d0`; what is between mappings is not mapped. */
export function placeText({ layout, argument }: OpenHex, address: bigint): string {
  const region = regionAt(layout, address);
  if (region === -1) return "not mapped";
  const offset = address - (layout.starts[region] as bigint);
  const name = "member" in argument ? "byte" : (layout.names[region] ?? "");
  return "member" in argument ? `byte ${offset}` : `${name} + 0x${offset.toString(16)}`;
}

function integers(bytes: Uint8Array, bigEndian: boolean): Field[] {
  const view = viewOf(bytes);
  const little = !bigEndian;
  const value = (size: number, read: () => number | bigint): string =>
    bytes.length < size ? "–" : `${read()}`;
  return [
    ["u8", value(1, () => view.getUint8(0))],
    ["i8", value(1, () => view.getInt8(0))],
    ["u16", value(2, () => view.getUint16(0, little))],
    ["i16", value(2, () => view.getInt16(0, little))],
    ["u32", value(4, () => view.getUint32(0, little))],
    ["i32", value(4, () => view.getInt32(0, little))],
    ["u64", value(8, () => view.getBigUint64(0, little))],
    ["i64", value(8, () => view.getBigInt64(0, little))],
  ];
}

function floats(bytes: Uint8Array, bigEndian: boolean): Field[] {
  const view = viewOf(bytes);
  // Nine digits tell every float apart.
  const f32 = bytes.length < 4 ? "–" : `${Number(view.getFloat32(0, !bigEndian).toPrecision(9))}`;
  const f64 = bytes.length < 8 ? "–" : `${view.getFloat64(0, !bigEndian)}`;
  return [
    ["f32", f32],
    ["f64", f64],
  ];
}

/** The eight bytes at the cursor as a number; undefined where not all are known. */
export function pointerAt(state: OpenHex): bigint | undefined {
  const bytes = bytesAt(shownOf(state), state.cursor, 8);
  return bytes.length < 8 ? undefined : viewOf(bytes).getBigUint64(0, !state.bigEndian);
}

function pointer(state: OpenHex, bytes: Uint8Array): Field[] {
  if ("member" in state.argument) return [];
  const to = pointerAt(state);
  if (to === undefined || bytes.length < 8) return [["ptr", "–"]];
  const hex: Field = ["hex", `0x${to.toString(16)}`];
  return regionAt(state.layout, to) === -1
    ? [hex, ["ptr", "– not mapped", "dim"]]
    : [hex, ["ptr", `⏎ ${placeText(state, to)}`, "accent"]];
}

/** From 2001 to 2049, in seconds since 1970: what a number most likely is no time outside of. */
const plausible = { from: 1_000_000_000, to: 2_500_000_000 };

function times(bytes: Uint8Array, bigEndian: boolean): Field[] {
  const view = viewOf(bytes);
  const numbers: bigint[] = [];
  if (bytes.length >= 8) numbers.push(view.getBigUint64(0, !bigEndian));
  if (bytes.length >= 4) numbers.push(BigInt(view.getUint32(0, !bigEndian)));
  const fields: Field[] = [];
  for (const [label, unit] of [
    ["time s", 1],
    ["time ms", 1000],
  ] as const) {
    const found = numbers.find(
      (number) => number >= BigInt(plausible.from * unit) && number < BigInt(plausible.to * unit),
    );
    if (found === undefined) continue;
    const time = new Date(Number(found) * (1000 / unit)).toISOString();
    fields.push([label, time.replace("T", " ").replace(/(\.000)?Z$/, " UTC")]);
  }
  return fields;
}

/**
 * The string that begins at the cursor. Where the text around it names a secret, all of the text
 * is shown masked: from its middle on, a value looks like any other.
 */
function stringAt(shown: Shown, cursor: bigint, reveal: boolean): string {
  const after = Buffer.from(bytesAt(shown, cursor, stringReach));
  const stop = after.findIndex((byte) => byte < 0x20 && byte !== 9);
  const own = after.subarray(0, stop === -1 ? after.length : stop);
  if (own.length === 0) return "–";
  const text = own.toString("utf8");
  if (reveal) return text;
  const around = `${headAt(shown, cursor)}${own.toString("latin1")}`;
  const masked = maskText(around);
  return masked === around ? text : masked;
}

/** Printable text that ends right before an address. */
function headAt(shown: Shown, cursor: bigint): string {
  const region = regionAt(shown.layout, cursor);
  const least = shown.layout.starts[region] ?? cursor;
  const reach = cursor - least < BigInt(stringReach) ? Number(cursor - least) : stringReach;
  const bytes = bytesAt(shown, cursor - BigInt(reach), reach);
  if (bytes.length < reach) return "";
  return /[\t\x20-\x7e\x80-\xff]*$/.exec(Buffer.from(bytes).toString("latin1"))?.[0] ?? "";
}

function marks(state: OpenHex): Field[] {
  const range = markedRange(state);
  if (range === undefined) return [];
  return [
    ["marked", `${range.to - range.from} bytes`, "accent"],
    ["from", `0x${range.from.toString(16)}`],
  ];
}

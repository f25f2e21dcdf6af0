import { hex } from "../base/u64.ts";

// Beside what JSON escapes itself: all that `sanitize` would escape. Such characters can stand
// only inside strings, where an escape means the same.
const unsafe =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

/** Escapes in JSON text what could move a cursor or reorder a line on a terminal. */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (match) => {
    let escaped = "";
    for (let at = 0; at < match.length; at++) {
      escaped += `\\u${match.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }
    return escaped;
  });
}

/** Values in one piece of a document: some hundred kilobytes of text. */
const pieceValues = 16_384;

/**
 * A value as one JSON document, indented by two. u64 values become `"0x…"`. It comes in pieces,
 * because a text that is longer than a string can be (512 MiB) is no string.
 * @param most values in one piece; a list with more is taken apart
 */
export function* renderJson(value: unknown, most = pieceValues): Generator<string> {
  let piece = "";
  for (const part of parts(value, "", most)) {
    piece += part;
    // A value of 32 characters is a fair guess.
    if (piece.length < most * 32) continue;
    yield escapeJson(piece);
    piece = "";
  }
  yield `${escapeJson(piece)}\n`;
}

/** Text like that of `JSON.stringify`, what is small in one go: its own is many times as fast. */
function* parts(value: unknown, indent: string, most: number): Generator<string> {
  if (!isContainer(value) || room(value, most) > 0) yield indented(stringify(value), indent);
  else if (Array.isArray(value)) yield* listParts(value, indent, most);
  else yield* objectParts(value, indent, most);
}

/** Entries of a list, together as long as they are small. */
function* listParts(list: readonly unknown[], indent: string, most: number): Generator<string> {
  let before = "[";
  for (let at = 0; at < list.length; before = ",") {
    let end = at;
    for (let left = room(list[end], most); left > 0 && end < list.length; ) {
      end += 1;
      left = room(list[end], left);
    }
    if (end > at) {
      // The text of a list without its brackets.
      yield before + indented(stringify(list.slice(at, end)).slice(1, -2), indent);
      at = end;
    } else {
      yield `${before}\n${indent}  `;
      yield* parts(list[at], `${indent}  `, most);
      at += 1;
    }
  }
  yield list.length === 0 ? "[]" : `\n${indent}]`;
}

function* objectParts(value: object, indent: string, most: number): Generator<string> {
  let before = "{";
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    yield `${before}\n${indent}  ${JSON.stringify(key)}: `;
    yield* parts(entry, `${indent}  `, most);
    before = ",";
  }
  yield before === "{" ? "{}" : `\n${indent}}`;
}

/** Line breaks inside of texts are escaped, so those that are there begin a line of the layout. */
function indented(json: string, indent: string): string {
  return indent === "" ? json : json.replaceAll("\n", `\n${indent}`);
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * What is left of a number of values after those that one holds; not above 0 where it holds more.
 * It looks at no more than that number, so that a list of millions costs no more than a short one.
 */
export function room(value: unknown, most: number): number {
  let left = most - 1;
  if (typeof value === "string") return left - Math.floor(value.length / 64);
  if (!isContainer(value)) return left;
  const list = Array.isArray(value) ? value : Object.values(value);
  // Each entry is one at least, which spares a long list of nothing the walk.
  if (list.length > left) return 0;
  for (const entry of list) {
    left = room(entry, left);
    if (left <= 0) return 0;
  }
  return left;
}

/** The same on one line, for errors and for lists that stream. */
export function renderJsonLine(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, replacer))}\n`;
}

/** What JSON has no word for is null, as in a list of `JSON.stringify`. */
function stringify(value: unknown): string {
  return JSON.stringify(value, replacer, 2) ?? "null";
}

function replacer(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? hex(value) : value;
}

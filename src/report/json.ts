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

/** A value as one JSON document. u64 values become `"0x…"`. */
export function renderJson(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, replacer, 2))}\n`;
}

/** The same on one line, for errors and for lists that stream. */
export function renderJsonLine(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, replacer))}\n`;
}

function replacer(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? hex(value) : value;
}

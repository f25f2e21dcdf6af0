import { asBuffer } from "../../base/bytes.ts";
import type { Entry } from "./named.ts";

const string = /"((?:[^"\\\n]|\\.)*)"/g;
/** What stands behind a string that is a key and no value. */
const colon = /\s*:/y;

/**
 * The strings of a JSON document that are values, in its order, with the place of what stands
 * between their quotes. Of a document that is broken, what looks so. What stands between two of them
 * in the same list is nothing but a comma, so an option and its value are neighbours.
 */
export function documentEntries(bytes: Uint8Array): Entry[] {
  const text = asBuffer(bytes).toString("latin1");
  const entries: Entry[] = [];
  for (const { 0: whole, 1: inside = "", index } of text.matchAll(string)) {
    colon.lastIndex = index + whole.length;
    const isKey = colon.test(text);
    // A key parts what stands before it from what stands behind it.
    if (isKey) entries.push({ text: "", start: index + 1 });
    else entries.push({ text: unescaped(inside), start: index + 1, length: inside.length });
  }
  return entries;
}

function unescaped(inside: string): string {
  if (!inside.includes("\\")) return inside;
  try {
    return Buffer.from(JSON.parse(`"${inside}"`) as string).toString("latin1");
  } catch {
    return inside;
  }
}

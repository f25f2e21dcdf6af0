import { asBuffer } from "../../base/bytes.ts";
import type { Entry, NamedValue } from "./named.ts";

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

// As pods have it: {"name":"A_TOKEN","value":"…"}. A document may stand as text in another, so a quote
// may have backslashes before it, and is closed by the same.
const pair =
  /(\\{0,15}")name\1\s{0,40}:\s{0,40}\1(?<name>[\w.-]{1,100})\1\s{0,40},\s{0,40}\1value\1\s{0,40}:\s{0,40}\1/g;

/** Variables that stand in a document, or in one inside it, as a name and a value. */
export function documentPairs(bytes: Uint8Array): NamedValue[] {
  const text = asBuffer(bytes).toString("latin1");
  const pairs: NamedValue[] = [];
  for (const { 0: whole, 1: quote = '"', index, groups } of text.matchAll(pair)) {
    const start = index + whole.length;
    let end = text.indexOf(quote, start);
    // One more backslash before it: the quote is part of the value.
    while (end > start && text[end - 1] === "\\") end = text.indexOf(quote, end + 1);
    if (end === -1) break;
    let value = text.slice(start, end);
    // Each document around it doubles the backslashes, and adds one.
    for (let depth = quote.length; depth > 0; depth >>= 1) value = unescaped(value);
    pairs.push({ name: groups?.["name"] ?? "", value, start, end });
  }
  return pairs;
}

function unescaped(inside: string): string {
  if (!inside.includes("\\")) return inside;
  try {
    return Buffer.from(JSON.parse(`"${inside}"`) as string).toString("latin1");
  } catch {
    return inside;
  }
}

/**
 * Archive text is foreign text: it may carry terminal escapes, bidirectional overrides and line
 * breaks. Nothing from an archive is shown before it went through here.
 */

// Controls (C0, DEL, C1), bidirectional controls, zero-width and line separators, the byte order
// mark, tag characters and lone surrogates: all that moves a cursor, reorders a line or hides.
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

const plain = /^[\x20-\x7e]*$/;
const named: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u0000": "\\0" };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const short = named[character];
  if (short !== undefined) return short;
  // Bytes that are no UTF-8 come as lone surrogates (`escapedText`).
  const byte = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  if (byte < 0x100) return `\\x${byte.toString(16).padStart(2, "0")}`;
  return `\\u{${code.toString(16)}}`;
}

/** One line that is safe on a terminal: what is unsafe is shown as an escape such as `\x1b`. */
export function sanitize(value: string): string {
  // Nearly all text is this, and tables and lists of millions pass here.
  return plain.test(value) ? value : value.replace(unsafe, escapeCharacter);
}

/** `sanitize`, cut to a number of columns with a final `…`. */
export function clip(value: string, columns: number): string {
  const safe = sanitize(value);
  if (displayWidth(safe) <= columns) return safe;
  let kept = "";
  let width = 0;
  for (const { segment } of graphemes().segment(safe)) {
    const next = displayWidth(segment);
    if (width + next > columns - 1) break;
    kept += segment;
    width += next;
  }
  return `${kept}…`;
}

/** `sanitize`, cut to a number of columns with a `…` in its middle: both ends of a path tell. */
export function clipMiddle(value: string, columns: number): string {
  const safe = sanitize(value);
  if (displayWidth(safe) <= columns) return safe;
  const behind = Math.floor((columns - 1) / 2);
  if (narrow.test(safe)) {
    return `${safe.slice(0, columns - 1 - behind)}…${safe.slice(safe.length - behind)}`;
  }
  const segments = [...graphemes().segment(safe)].map(({ segment }) => segment);
  const tail = taken(segments.toReversed(), behind).toReversed();
  const head = taken(segments, columns - 1 - displayWidth(tail.join("")));
  return `${head.join("")}…${tail.join("")}`;
}

/** The first segments that fit into a number of columns. */
function taken(segments: readonly string[], columns: number): string[] {
  let width = 0;
  const end = segments.findIndex((segment) => {
    width += displayWidth(segment);
    return width > columns;
  });
  return segments.slice(0, end);
}

// Made on first use: the segmenter's tables cost a millisecond that most commands need not pay.
let segmenter: Intl.Segmenter | undefined;
function graphemes(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter;
}

// Text of one column a character, our own signs and lines included. Spares nearly every call the
// segmenter, which takes longer to make than all tables of a report to draw.
const narrow =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u259f\u2713\u2717]*$/;
const combining = /^[\p{Mn}\p{Me}]$/u;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** Columns that sanitised text takes on a terminal: wide characters count two, combining none. */
export function displayWidth(value: string): number {
  if (narrow.test(value)) return value.length;
  let width = 0;
  for (const { segment } of graphemes().segment(value)) {
    if (wide.test(segment)) width += 2;
    else if (!combining.test(segment)) width += 1;
  }
  return width;
}

import { displayWidth, sanitize } from "../../base/text.ts";

/**
 * What a piece of text means; the theme gives it a colour. A role never stands alone: a sign or a
 * word beside it says the same to those who see no colour.
 */
export type Role =
  | "plain"
  | "strong"
  | "dim"
  | "accent"
  | "good"
  | "warning"
  | "danger"
  | "match"
  | "cursor";

export interface Span {
  readonly text: string;
  readonly role?: Role;
}

/** One line of the screen. `selected` paints it whole, `marked` says that it is marked. */
export interface Line {
  readonly spans: readonly Span[];
  readonly selected?: boolean;
}

export const emptyLine: Line = { spans: [] };

/** A line of pieces: texts, or a text with its role. */
export function line(...parts: readonly (string | Span)[]): Line {
  return { spans: parts.map((part) => (typeof part === "string" ? { text: part } : part)) };
}

export const span = (text: string, role: Role): Span => ({ text, role });

/** The line as text alone: for goldens, copies and filters. */
export function lineText({ spans }: Line): string {
  return spans.map(({ text }) => text).join("");
}

/** Columns that the text takes once it is sanitised. */
export function textWidth(text: string): number {
  return displayWidth(sanitize(text));
}

let segmenter: Intl.Segmenter | undefined;

/** Safe text of exactly `columns` columns: cut with `…`, or filled with blanks. */
export function fitted(text: string, columns: number, align: "left" | "right" = "left"): string {
  const cut = truncate(text, columns);
  const blank = " ".repeat(Math.max(0, columns - displayWidth(cut)));
  return align === "right" ? blank + cut : cut + blank;
}

/** Safe text of at most `columns` columns, cut at the end. */
export function truncate(text: string, columns: number): string {
  if (columns <= 0) return "";
  // An escape is never shorter than what it stands for, so a long text need not be cleaned whole.
  const safe = sanitize(text.length > 4 * columns + 64 ? text.slice(0, 4 * columns + 64) : text);
  if (displayWidth(safe) <= columns) return safe;
  return `${take(safe, columns - 1)}…`;
}

/** Safe text of at most `columns` columns that keeps both ends: for paths. */
export function truncateMiddle(text: string, columns: number): string {
  const safe = sanitize(text);
  if (displayWidth(safe) <= columns) return safe;
  if (columns < 5) return truncate(safe, columns);
  const head = Math.ceil((columns - 1) / 3);
  return `${take(safe, head)}…${takeLast(safe, columns - 1 - head)}`;
}

/** The first `columns` columns of safe text, never half a character. */
function take(safe: string, columns: number): string {
  if (/^[ -~]*$/.test(safe)) return safe.slice(0, columns);
  let kept = "";
  let width = 0;
  for (const character of characters(safe)) {
    const next = displayWidth(character);
    if (width + next > columns) break;
    kept += character;
    width += next;
  }
  return kept;
}

function takeLast(safe: string, columns: number): string {
  let kept = "";
  let width = 0;
  for (const character of [...characters(safe)].reverse()) {
    const next = displayWidth(character);
    if (width + next > columns) break;
    kept = character + kept;
    width += next;
  }
  return kept;
}

function* characters(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/**
 * A line cut and moved to the window that shows it: `left` columns are scrolled away, at most
 * `columns` stay. Text is sanitised here once more, so that no screen can forget to.
 */
export function windowLine({ spans, ...rest }: Line, columns: number, left = 0): Line {
  const kept: Span[] = [];
  let skip = left;
  let room = columns;
  for (const { text, ...role } of spans) {
    if (room <= 0) break;
    let safe = sanitize(text);
    if (skip > 0) {
      const width = displayWidth(safe);
      if (width <= skip) {
        skip -= width;
        continue;
      }
      const gone = take(safe, skip);
      safe = safe.slice(gone.length);
      skip = 0;
    }
    const width = displayWidth(safe);
    if (width > room) safe = take(safe, room);
    room -= Math.min(width, room);
    kept.push({ text: safe, ...role });
  }
  return { spans: kept, ...rest };
}

/** The line filled with blanks to `columns`. */
export function padLine(it: Line, columns: number): Line {
  const blank = columns - displayWidth(sanitize(lineText(it)));
  return blank <= 0 ? it : { ...it, spans: [...it.spans, { text: " ".repeat(blank) }] };
}

/** Left and right parts on one line; the right one gives way first. */
export function spread(left: readonly Span[], right: readonly Span[], columns: number): Line {
  const width = (spans: readonly Span[]): number =>
    spans.reduce((sum, { text }) => sum + textWidth(text), 0);
  const gap = columns - width(left) - width(right);
  if (gap < 1) return windowLine({ spans: left }, columns);
  return { spans: [...left, { text: " ".repeat(gap) }, ...right] };
}

import type { Became } from "../../audit/diff/change.ts";
import { clip, clipMiddle, displayWidth, sanitize } from "../../base/text.ts";
import { plainStyle, type Style } from "../style.ts";
import type { TableOptions } from "../table.ts";

/** One difference as it is shown. Texts are foreign: not sanitised. */
export interface DiffEntry {
  change: Became;
  /** Other words for what became of it, where they say more. */
  word?: string;
  /** What it is about: `1 sh`, `/etc/passwd`. */
  subject: string;
  /** What there is to say of it, each in a few words. */
  parts: (string | Arrow)[];
}

/** `label before → after`: where there is no room, both values are cut. */
export interface Arrow {
  label: string;
  before: string;
  after: string;
}

const signs: Record<Became, { sign: string; word: string; paint: keyof Style }> = {
  came: { sign: "+", word: "new", paint: "green" },
  went: { sign: "-", word: "gone", paint: "red" },
  changed: { sign: "~", word: "changed", paint: "yellow" },
};

/** Columns before a subject: two, the sign, the longest word, and what stands between. */
const indent = 13;
const leastWidth = 40;

/** Entries below each other; what does not fit a line goes on below the subject. */
export function renderEntries(
  entries: readonly DiffEntry[],
  { width, style = plainStyle }: Pick<TableOptions, "width" | "style">,
): string {
  const room = width === undefined ? undefined : Math.max(leastWidth, width) - indent;
  return entries
    .map(({ change, word, subject, parts }) => {
      const { sign, word: usual, paint } = signs[change];
      const head = style[paint](`${sign} ${(word ?? usual).padEnd(indent - 6)}`);
      const lines = layOut(subject, parts, room);
      return `  ${head}  ${lines.join(`\n${" ".repeat(indent)}`)}\n`;
    })
    .join("");
}

function layOut(subject: string, parts: DiffEntry["parts"], room: number | undefined): string[] {
  if (room === undefined) {
    const details = parts.map((part) => sanitize(partText(part))).join(", ");
    return [`${sanitize(subject)}  ${details}`.trimEnd()];
  }
  let line = clipMiddle(subject, room);
  const lines: string[] = [];
  parts.forEach((part, at) => {
    const comma = at < parts.length - 1 ? "," : "";
    const text = shorten(part, room - comma.length) + comma;
    const gap = at === 0 ? "  " : " ";
    if (displayWidth(line) + gap.length + displayWidth(text) <= room) line += gap + text;
    else {
      lines.push(line);
      line = text;
    }
  });
  lines.push(line);
  return lines;
}

const between = " → ";

/** A part in full. */
export function partText(part: string | Arrow): string {
  if (typeof part === "string") return part;
  const { label, before, after } = part;
  return `${label === "" ? "" : `${label} `}${before}${between}${after}`;
}

/** A part in a number of columns, sanitised; of a change both ends get a half of the room. */
function shorten(part: string | Arrow, room: number): string {
  const text = sanitize(partText(part));
  if (displayWidth(text) <= room) return text;
  if (typeof part === "string") return clip(text, room);
  const label = part.label === "" ? "" : `${part.label} `;
  const left = room - displayWidth(label) - between.length;
  const [before, after] = [sanitize(part.before), sanitize(part.after)];
  const half = Math.floor(left / 2);
  // What is shorter than its half leaves the rest to the other.
  const one = Math.min(displayWidth(before), Math.max(half, left - displayWidth(after)));
  return `${label}${clipMiddle(before, one)}${between}${clipMiddle(after, left - one)}`;
}

import { displayWidth, sanitize } from "../../base/text.ts";
import {
  emptyLine,
  fitted,
  type Line,
  line,
  padLine,
  type Role,
  type Span,
  span,
  windowLine,
} from "./line.ts";

/** A label and its value; null where it is not known, which leaves the field out. */
export type Field = readonly [label: string, value: string | null, role?: Role];

/** Lines that one value may take: whoever needs more has the command line. */
const longestValue = 40;

/** Safe text in lines of at most `columns` columns, broken at blanks and commas where it can be. */
export function wrapText(text: string, columns: number): string[] {
  const room = Math.max(8, columns);
  const lines: string[] = [];
  // An escape is never shorter than what it stands for.
  let rest = sanitize(text.slice(0, room * longestValue));
  while (displayWidth(rest) > room && lines.length < longestValue) {
    const head = windowLine({ spans: [{ text: rest }] }, room).spans[0]?.text ?? "";
    const blank = Math.max(head.lastIndexOf(" "), head.lastIndexOf(",")) + 1;
    const end = blank > head.length / 2 ? blank : Math.max(1, head.length);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end);
  }
  const cut = text.length > room * longestValue || lines.length >= longestValue;
  return [...lines, cut ? `${rest.slice(0, room - 2)} …` : rest];
}

/** A heading with its fields below it; nothing where none is known. */
export function fieldSection(title: string, fields: readonly Field[], columns: number): Line[] {
  const known = fields.filter(([, value]) => value !== null);
  if (known.length === 0) return [];
  return [emptyLine, line("  ", span(title, "strong")), ...fieldLines(known, columns)];
}

/** Two blocks beside each other, where there is room; below each other in a narrow window. */
export function beside(
  left: (columns: number) => Line[],
  right: (columns: number) => Line[],
  columns: number,
): Line[] {
  if (columns < narrow) return [...left(columns), ...right(columns)];
  const half = Math.floor(columns / 2);
  const [first, second] = [left(half), right(columns - half)];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, at) => {
    const head = padLine(windowLine(first[at] ?? emptyLine, half), half);
    return { spans: [...head.spans, ...(second[at]?.spans ?? [])] };
  });
}

/** Columns below which two blocks have no room beside each other. */
const narrow = 100;

const indent = 4;

/** Fields below each other: labels dim, long values wrapped beside them. */
export function fieldLines(fields: readonly Field[], columns: number): Line[] {
  const known = fields.filter(([, value]) => value !== null);
  const widest = Math.max(0, ...known.map(([label]) => displayWidth(sanitize(label))));
  const labels = Math.min(widest, 24) + 2;
  return known.flatMap(([label, value, role]) =>
    wrapText(value ?? "", columns - indent - labels - 1).map((text, at): Line => {
      const name = span(`${fitted(at === 0 ? label : "", labels - 2)}  `, "dim");
      const shown: Span = role === undefined ? { text } : span(text, role);
      return { spans: [{ text: " ".repeat(indent) }, name, shown] };
    }),
  );
}

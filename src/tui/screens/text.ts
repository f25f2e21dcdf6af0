import { displayWidth, sanitize } from "../../base/text.ts";
import { textKeys } from "../keys/table.ts";
import type { Screen } from "../state/screen.ts";
import { type Line, line, span, windowLine } from "../view/line.ts";

export interface TextArgument {
  title: string;
  lines: readonly string[];
}

interface TextState extends TextArgument {
  top: number;
}

// Lines wrapped last: a long value is not wrapped for every frame and every key.
const known = new WeakMap<readonly string[], { columns: number; rows: readonly Line[] }>();

/** Lines wrapped at words to a width; a word that is wider is broken. */
function wrapped(lines: readonly string[], columns: number): readonly Line[] {
  const before = known.get(lines);
  if (before?.columns === columns) return before.rows;
  const rows = lines.flatMap((text) => wrappedLine(sanitize(text), Math.max(8, columns)));
  known.set(lines, { columns, rows });
  return rows;
}

function wrappedLine(text: string, columns: number): Line[] {
  const rows: string[] = [];
  let row = "";
  for (const [at, word] of text.split(" ").entries()) {
    const joined = at === 0 ? word : `${row} ${word}`;
    if (displayWidth(joined) <= columns) {
      row = joined;
      continue;
    }
    if (row !== "") rows.push(row);
    const pieces = broken(word, columns);
    rows.push(...pieces.slice(0, -1));
    row = pieces.at(-1) ?? "";
  }
  return [...rows, row].map((it) => line(it));
}

/** Pieces of a word, of at most so many columns. */
function broken(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let width = 0;
  for (const character of word) {
    const next = displayWidth(character);
    if (width + next > columns) {
      pieces.push(piece);
      piece = "";
      width = 0;
    }
    piece += character;
    width += next;
  }
  return [...pieces, piece];
}

/** A few lines of text, scrolled where they do not fit. */
export const textScreen: Screen<TextState, TextArgument> = {
  open: (argument) => ({ state: { ...argument, top: 0 } }),
  update: (state, event, { body }) => {
    if (event.type !== "command") return { state };
    const last = Math.max(0, wrapped(state.lines, body.columns - 2).length - body.rows);
    const moves: Readonly<Record<string, number>> = {
      down: state.top + 1,
      up: state.top - 1,
      "page-down": state.top + body.rows,
      "page-up": state.top - body.rows,
      top: 0,
      bottom: last,
    };
    if (event.command === "copy") {
      return { state, acts: [{ act: "copy", text: state.lines.join("\n"), what: "the text" }] };
    }
    const top = moves[event.command];
    return top === undefined
      ? { state }
      : { state: { ...state, top: Math.max(0, Math.min(last, top)) } };
  },
  view: ({ title, lines, top }, { body }) => ({
    title: line(span(title, "strong")),
    lines: wrapped(lines, body.columns - 2)
      .slice(top, top + body.rows)
      .map((it) => windowLine({ spans: [{ text: " " }, ...it.spans] }, body.columns)),
  }),
  scopes: () => [textKeys],
  crumb: ({ title }) => title,
};

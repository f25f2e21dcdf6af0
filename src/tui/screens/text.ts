import { displayWidth, sanitize } from "../../base/text.ts";
import { textKeys } from "../keys/table.ts";
import type { Screen } from "../state/screen.ts";
import { type Line, line, span } from "../view/line.ts";
import { linesStatus, scrolledTop, shownLines } from "./lines-screen.ts";

interface TextArgument {
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
    if (event.command === "copy") {
      return { state, acts: [{ act: "copy", text: state.lines.join("\n"), what: "the text" }] };
    }
    const count = wrapped(state.lines, body.columns - 2).length;
    const top = scrolledTop(state.top, event.command, count, body.rows);
    return { state: top === undefined || top === state.top ? state : { ...state, top } };
  },
  view: ({ title, lines, top }, world) => {
    const rows = wrapped(lines, world.body.columns - 2);
    const indented = rows.map((it) => ({ spans: [{ text: " " }, ...it.spans] }));
    return {
      title: line(span(title, "strong")),
      lines: shownLines(indented, top, world),
      status: linesStatus(rows.length, top, world),
    };
  },
  scopes: () => [textKeys],
  crumb: ({ title }) => title,
};

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

/** Lines wrapped at words to a width. */
function wrapped(lines: readonly string[], columns: number): Line[] {
  return lines.flatMap((text) => {
    const rows: Line[] = [];
    let row = "";
    for (const word of text.split(" ")) {
      if (row !== "" && row.length + word.length + 1 > columns) {
        rows.push(line(row));
        row = word;
      } else row = row === "" ? word : `${row} ${word}`;
    }
    return [...rows, line(row)];
  });
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

import { textKeys } from "../../keys/table.ts";
import type { NeedRow } from "../../state/restore.ts";
import type { Screen } from "../../state/screen.ts";
import { fieldSection } from "../../view/fields.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { verdictSpan } from "../checkpoint/restore/model.ts";
import { linesStatus, linesText, scrolledTop, shownLines } from "../lines-screen.ts";
import { wrapped } from "../wrapped.ts";

interface NeedState {
  row: NeedRow;
  top: number;
}

function section(title: string, text: string | null, columns: number): Line[] {
  if (text === null) return [];
  return [emptyLine, line("  ", span(title, "strong")), ...wrapped(text, columns, "plain", 4)];
}

function needLines(row: NeedRow, columns: number): Line[] {
  const { what, needed, found, reason, remedy, required } = row;
  return [
    emptyLine,
    ...wrapped(what, columns),
    ...section("Needed", needed, columns),
    ...section("Found", reason === null ? found : null, columns),
    ...section("Why it cannot be told", reason, columns),
    ...section("What to do", remedy, columns),
    ...fieldSection(
      "Where it comes from",
      [
        ["read from", row.evidence],
        ["source", row.source],
        ["required", required ? "yes" : "no: a restore works without, and may lose something"],
        ["topic", row.topic],
        ["name", row.id],
      ],
      columns,
    ),
  ];
}

/** One need of a plan: what was found, why, what to do, and who says so. */
export const needScreen: Screen<NeedState, NeedRow> = {
  open: (row) => ({ state: { row, top: 0 } }),
  update: (state, event, { body }) => {
    if (event.type !== "command") return { state };
    const lines = needLines(state.row, body.columns);
    if (event.command === "copy") {
      return { state, acts: [{ act: "copy", text: linesText(lines), what: "the text" }] };
    }
    if (event.command === "save") {
      const content = { from: "text", text: linesText(lines) } as const;
      return { state, acts: [{ act: "save", name: `restore-${state.row.id}.txt`, content }] };
    }
    const top = scrolledTop(state.top, event.command, lines.length, body.rows);
    return { state: top === undefined || top === state.top ? state : { ...state, top } };
  },
  view: ({ row, top }, world) => {
    const lines = needLines(row, world.body.columns);
    return {
      title: line(verdictSpan(row), "   ", span(row.what, "strong")),
      lines: shownLines(lines, top, world),
      status: linesStatus(lines.length, top, world),
    };
  },
  scopes: () => [textKeys],
  crumb: ({ row }) => row.id,
};

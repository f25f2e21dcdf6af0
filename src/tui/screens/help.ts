import type { Scope } from "../keys/binding.ts";
import { keyLabel } from "../keys/input.ts";
import { textKeys } from "../keys/table.ts";
import { commandWords } from "../state/commands.ts";
import type { Screen } from "../state/screen.ts";
import { emptyLine, fitted, type Line, line, span } from "../view/line.ts";
import { linesStatus, scrolledTop, shownLines } from "./lines-screen.ts";

interface HelpState {
  scopes: readonly Scope[];
  top: number;
}

/** The help, made from the keys that were live when it was asked for. */
function helpLines(scopes: readonly Scope[]): Line[] {
  const keys = scopes.flatMap(({ title, bindings }) => {
    const rows = bindings.filter(({ help }) => help !== "");
    if (rows.length === 0) return [];
    return [
      line(" ", span(title, "strong")),
      ...rows.map(({ keys: names, help }) =>
        line("   ", span(fitted(names.map(keyLabel).join(" "), 18), "accent"), help),
      ),
      emptyLine,
    ];
  });
  const words = commandWords.map(({ name, aliases, takes, help }) =>
    line(
      "   ",
      span(fitted(`:${name}${takes === undefined ? "" : ` ${takes}`}`, 18), "accent"),
      aliases.length === 0 ? help : `${help} (${aliases.map((it) => `:${it}`).join(" ")})`,
    ),
  );
  return [...keys, line(" ", span("Command line", "strong")), ...words];
}

export const helpScreen: Screen<HelpState, readonly Scope[]> = {
  open: (scopes) => ({ state: { scopes, top: 0 } }),
  update: (state, event, { body }) => {
    if (event.type !== "command") return { state };
    const count = helpLines(state.scopes).length;
    const top = scrolledTop(state.top, event.command, count, body.rows);
    return { state: top === undefined || top === state.top ? state : { ...state, top } };
  },
  view: ({ scopes, top }, world) => {
    const lines = helpLines(scopes);
    return {
      title: line(span("Keys", "strong")),
      lines: shownLines(lines, top, world),
      status: linesStatus(lines.length, top, world),
    };
  },
  scopes: () => [textKeys],
  crumb: () => "help",
};

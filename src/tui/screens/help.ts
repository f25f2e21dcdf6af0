import type { Scope } from "../keys/binding.ts";
import { keyLabel } from "../keys/input.ts";
import { textKeys } from "../keys/table.ts";
import { commandWords } from "../state/commands.ts";
import type { Screen } from "../state/screen.ts";
import { emptyLine, fitted, type Line, line, span, windowLine } from "../view/line.ts";

interface HelpState {
  scopes: readonly Scope[];
  top: number;
}

/** The help, made from the keys that were live when it was asked for. */
export function helpLines(scopes: readonly Scope[]): Line[] {
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
    const last = Math.max(0, helpLines(state.scopes).length - body.rows);
    const moves: Readonly<Record<string, number>> = {
      down: state.top + 1,
      up: state.top - 1,
      "page-down": state.top + body.rows,
      "page-up": state.top - body.rows,
      top: 0,
      bottom: last,
    };
    const top = moves[event.command];
    return top === undefined
      ? { state }
      : { state: { ...state, top: Math.max(0, Math.min(last, top)) } };
  },
  view: ({ scopes, top }, { body }) => ({
    title: line(span("Keys", "strong")),
    lines: helpLines(scopes)
      .slice(top, top + body.rows)
      .map((it) => windowLine(it, body.columns)),
  }),
  scopes: () => [textKeys],
  crumb: () => "help",
};

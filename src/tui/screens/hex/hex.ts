import { formatBytes } from "../../../base/units.ts";
import { hexKeys } from "../../keys/memory.ts";
import type { Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { failureLines } from "../lines-screen.ts";
import { answered, failed } from "./answers.ts";
import type { HexArgument } from "./argument.ts";
import { commanded, prompted } from "./commands.ts";
import { regionAt } from "./items.ts";
import { hexLines } from "./lines.ts";
import { atLine, lineOfCursor } from "./moves.ts";
import { placeText } from "./panel.ts";
import { asking, reading } from "./reading.ts";
import { countText } from "./search.ts";
import { type HexState, isOpen, widthFor } from "./state.ts";

function update(state: HexState, event: ScreenEvent, world: World): Step<HexState> {
  switch (event.type) {
    case "answer":
      return answered(state, event, world);
    case "failed":
      return failed(state, event, world);
    case "prompted":
      return event.done && event.text !== null
        ? prompted(state, event.prompt, event.text, world)
        : { state };
    case "command":
      return commanded(state, event.command, world);
    case "world":
      return resized(state, world);
    case "shown":
      // Answers that came while another stack of screens was shown are lost.
      return asking({ ...state, asked: undefined });
    default:
      return { state };
  }
}

function resized(state: HexState, world: World): Step<HexState> {
  const width = widthFor(world.body.columns);
  if (!isOpen(state)) return { state: { ...state, width } };
  const { rows } = world.body;
  const line = Math.min(Math.max(0, lineOfCursor(state, rows)), rows - 1);
  // What is folded depends on the width of rows.
  const column = Number(state.cursor % BigInt(width));
  const next =
    width === state.width ? state : { ...state, width, column, known: [], asked: undefined };
  return reading(atLine(next, line), world);
}

function title(state: HexState): Line {
  const { argument, layout, cursor } = state;
  const name = "pid" in argument ? `pid ${argument.pid} ${layout?.title ?? ""}` : argument.member;
  if (!isOpen(state)) return line(span(name, "strong"));
  const region = regionAt(state.layout, cursor);
  const [start, end] = [state.layout.starts[region], state.layout.ends[region]];
  if (start === undefined || end === undefined) {
    return line(span(name, "strong"), span(`  ${cursor.toString(16)} not mapped`, "dim"));
  }
  const size = formatBytes(Number(end - start));
  if ("member" in argument) return line(span(name, "strong"), span(`  ${size}`, "dim"));
  const what = `  ${state.layout.names[region]}`;
  const rest = `  ${state.layout.permissions[region]}  ${size}  ${start.toString(16)}`;
  return line(span(name, "strong"), what, span(rest, "dim"));
}

function aside({ search, cursor }: HexState): Line {
  if (search === undefined) return emptyLine;
  return line(span(`find ${search.text}  `, "dim"), span(countText(search, cursor), "accent"));
}

function body(state: HexState, world: World): readonly Line[] {
  if (state.failure !== undefined) return failureLines(state.failure);
  if (state.layout === undefined) return [emptyLine, line("   ", span("reading…", "dim"))];
  if (!isOpen(state)) return [emptyLine, line("   ", span("it is empty", "dim"))];
  return hexLines(state, world);
}

/** Bytes of a process or of a member: address, bytes, text, and what they mean. */
export const hexScreen: Screen<HexState, HexArgument> = {
  open: (argument, world) => {
    const state: HexState = {
      argument,
      layout: undefined,
      failure: undefined,
      width: widthFor(world.body.columns),
      known: [],
      asked: undefined,
      cursor: argument.at ?? 0n,
      column: 0,
      top: { address: 0n, heading: false },
      back: [],
      mark: undefined,
      bigEndian: false,
      search: undefined,
      copying: "hex",
    };
    return asking(state);
  },
  update,
  view: (state, world): View => ({
    title: title(state),
    aside: aside(state),
    lines: body(state, world),
    status: isOpen(state) ? placeText(state, state.cursor) : "",
    busy: state.asked !== undefined || (state.layout === undefined && state.failure === undefined),
  }),
  scopes: () => [hexKeys],
  crumb: ({ argument }) =>
    "pid" in argument
      ? `memory › pid ${argument.pid}`
      : (argument.member.split(/[/!]/).at(-1) ?? ""),
};

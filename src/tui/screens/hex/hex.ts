import { formatBytes } from "../../../base/units.ts";
import { hexKeys } from "../../keys/memory.ts";
import type { Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import {
  emptyLine,
  type Line,
  line,
  lineText,
  span,
  textWidth,
  truncate,
} from "../../view/line.ts";
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

/** What the header says besides the name, from most to least: the search has to fit beside it. */
function facts(state: HexState): string[] {
  if (!isOpen(state)) return [""];
  const { argument, layout, cursor } = state;
  const region = regionAt(layout, cursor);
  const [start, end] = [layout.starts[region], layout.ends[region]];
  if (start === undefined || end === undefined) return [`${cursor.toString(16)} not mapped`, ""];
  const size = formatBytes(Number(end - start));
  if ("member" in argument) return [size, ""];
  const [what, permissions] = [layout.names[region], layout.permissions[region]];
  return [
    `${what}  ${permissions}  ${size}  ${start.toString(16)}`,
    `${what}  ${permissions}  ${size}`,
    `${what}`,
    "",
  ];
}

function title(state: HexState, room: number): Line {
  const { argument, layout } = state;
  const name = "pid" in argument ? `pid ${argument.pid} ${layout?.title ?? ""}` : argument.member;
  const left = room - textWidth(name) - 2;
  const fact = facts(state).find((it) => textWidth(it) <= left) ?? "";
  return line(span(name, "strong"), fact === "" ? "" : `  ${fact}`);
}

function aside({ search, cursor }: HexState, columns: number): Line {
  if (search === undefined) return emptyLine;
  const text = truncate(search.text, Math.max(8, Math.floor(columns / 4)));
  return line(span(`find ${text}  `, "dim"), span(countText(search, cursor), "accent"));
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
  view: (state, world): View => {
    const { columns } = world.body;
    const right = aside(state, columns);
    // The header has a blank and a sign of its own beside these.
    const room = columns - textWidth(lineText(right)) - 8;
    return {
      title: title(state, room),
      aside: right,
      lines: body(state, world),
      status: isOpen(state) ? placeText(state, state.cursor) : "",
      busy:
        state.asked !== undefined || (state.layout === undefined && state.failure === undefined),
    };
  },
  scopes: () => [hexKeys],
  crumb: ({ argument }) =>
    "pid" in argument
      ? `memory › pid ${argument.pid}`
      : (argument.member.split(/[/!]/).at(-1) ?? ""),
};

import type { SpaceBytes, SpaceLayout } from "../../state/byte-space.ts";
import type { ScreenEvent, Step, World } from "../../state/screen.ts";
import { copied } from "./copy.ts";
import { readGoto } from "./goto.ts";
import { type Block, withBlock } from "./known.ts";
import { atLine, jumped, lineOfCursor, travelled } from "./moves.ts";
import { asking, reading } from "./reading.ts";
import { nextMatch, withFound } from "./search.ts";
import { type HexState, isOpen, type OpenHex } from "./state.ts";

type Answered = Extract<ScreenEvent, { type: "answer" }>;
type Failed = Extract<ScreenEvent, { type: "failed" }>;

export function answered(
  state: HexState,
  { answer, part }: Answered,
  world: World,
): Step<HexState> {
  switch (answer.of) {
    case "space":
      return opened(state, answer.value, world);
    case "bytes":
      return isOpen(state) ? read(state, answer.value, world) : { state };
    case "find": {
      if (state.search === undefined) return { state };
      return sought({ ...state, search: withFound(state.search, answer.value, part) }, world);
    }
    case "rawBytes":
      return { state, acts: [copied(answer.value, state.copying)] };
    case "reopen":
      return asking({ ...state, known: [], asked: undefined });
    default:
      return { state };
  }
}

/** The regions are known: the cursor goes where it was to begin, or stays where it was. */
function opened(state: HexState, layout: SpaceLayout, world: World): Step<HexState> {
  const first = state.layout === undefined;
  const next: HexState = { ...state, layout, failure: undefined };
  if (!isOpen(next)) return { state: next };
  const { rows } = world.body;
  if (!first) return reading(jumped(next, next.cursor, rows), world);
  const { at, goto } = next.argument;
  const start = { ...next, cursor: at ?? layout.starts[0] ?? 0n };
  const place = { ...start, top: { address: start.cursor, heading: false } };
  const shown = jumped(atLine(place, Math.floor(rows / 3)), start.cursor, rows);
  if (goto === undefined) return reading(shown, world);
  const read = readGoto(goto, layout, start.cursor);
  return "fault" in read
    ? reading(shown, world, [{ act: "flash", level: "error", text: read.fault }])
    : reading(jumped(shown, read.to, rows), world);
}

/** Takes bytes in; the cursor keeps its line, whatever is folded now. */
function read(state: OpenHex, { start, end, pieces }: SpaceBytes, world: World): Step<HexState> {
  return known(state, { start, end, pieces }, world);
}

function known(state: OpenHex, block: Block, world: World): Step<HexState> {
  const { rows } = world.body;
  const line = Math.max(0, lineOfCursor(state, rows));
  const next = { ...state, known: withBlock(state.known, block, state.cursor), asked: undefined };
  return reading(atLine(next, line), world);
}

/** Goes to the first match behind the cursor, once for a search, as soon as it is known. */
function sought(state: HexState, world: World): Step<HexState> {
  const { search } = state;
  if (search?.jump !== true || !isOpen(state)) return { state };
  const to = nextMatch(search, state.cursor - 1n);
  if (to === undefined) {
    const text = `nothing found for ${search.text}`;
    return search.searching
      ? { state }
      : { state, acts: [{ act: "flash", level: "warning", text }] };
  }
  const next = travelled({ ...state, search: { ...search, jump: false } }, to, world.body.rows);
  return reading(next, world);
}

export function failed(state: HexState, { slot, failure }: Failed, world: World): Step<HexState> {
  const flash = { act: "flash", level: "error", text: failure.message } as const;
  switch (slot) {
    case "space":
      return { state: { ...state, failure } };
    case "bytes": {
      if (!isOpen(state) || state.asked === undefined) return { state };
      const { from: start, to: end } = state.asked;
      const { message } = failure;
      return known(state, { start, end, pieces: [{ kind: "failed", start, end, message }] }, world);
    }
    case "find":
      return { state: { ...state, search: undefined }, acts: [flash] };
    default:
      return { state, acts: [flash] };
  }
}

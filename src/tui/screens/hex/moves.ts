import type { World } from "../../state/screen.ts";
import { type Item, itemAt, regionAt, regionBefore } from "./items.ts";
import { hasHeading, linesFrom, placeMoved } from "./places.ts";
import { type OpenHex, shownOf } from "./state.ts";

/** Positions that are kept to come back to. */
const longestBack = 100;

/** What a key does to the cursor; undefined where it is no key of these. */
export function moved(state: OpenHex, command: string, { body }: World): OpenHex | undefined {
  const page = Math.max(1, body.rows - 1);
  switch (command) {
    case "right":
      return stepped(state, state.cursor + 1n, body.rows);
    case "left":
      return stepped(state, state.cursor - 1n, body.rows);
    case "down":
      return byItems(state, 1, body.rows);
    case "up":
      return byItems(state, -1, body.rows);
    case "page-down":
      return byItems(scrolledBy(state, page), page, body.rows);
    case "page-up":
      return byItems(scrolledBy(state, -page), -page, body.rows);
    default: {
      const to = target(state, command);
      return to === undefined ? undefined : jumped(state, to, body.rows);
    }
  }
}

/** Where a command jumps to; undefined where it does not. */
function target({ layout, cursor }: OpenHex, command: string): bigint | undefined {
  const { starts, ends, end } = layout;
  const region = regionAt(layout, cursor);
  const before = regionBefore(layout, cursor);
  switch (command) {
    case "mapping-start":
      return region === -1 ? (ends[before] ?? 0n) : starts[region];
    case "mapping-end":
      return (region === -1 ? (starts[before + 1] ?? end) : (ends[region] ?? end)) - 1n;
    case "mapping-next":
      return starts[before + 1] ?? cursor;
    case "mapping-previous":
      return starts[starts[before] === cursor ? before - 1 : before] ?? cursor;
    case "bottom":
      return (ends.at(-1) ?? end) - 1n;
    default:
      return undefined;
  }
}

function clamped({ layout }: OpenHex, address: bigint): bigint {
  if (address < 0n) return 0n;
  return address >= layout.end ? layout.end - 1n : address;
}

function placed(state: OpenHex, cursor: bigint): OpenHex {
  return { ...state, cursor, column: Number(cursor % BigInt(state.width)) };
}

function stepped(state: OpenHex, address: bigint, rows: number): OpenHex {
  return visible(placed(state, clamped(state, address)), rows);
}

/** Moves the cursor by so many items; it keeps its place in the row. */
function byItems(state: OpenHex, count: number, rows: number): OpenHex {
  const shown = shownOf(state);
  let item = itemAt(shown, state.cursor);
  let left = Math.abs(count);
  for (; left > 0; left--) {
    const next = count > 0 ? item.end : item.start - 1n;
    if (next < 0n || next >= state.layout.end) break;
    item = itemAt(shown, next);
  }
  // At an end of the space there is nowhere to go.
  if (left === Math.abs(count)) return visible(state, rows);
  return visible({ ...state, cursor: inItem(item, state) }, rows);
}

function inItem({ start, end }: Item, { width, column }: OpenHex): bigint {
  const cursor = start - (start % BigInt(width)) + BigInt(column);
  return cursor < start ? start : cursor >= end ? end - 1n : cursor;
}

function scrolledBy(state: OpenHex, lines: number): OpenHex {
  return { ...state, top: placeMoved(shownOf(state), state.top, lines) };
}

/** Goes to an address, which is shown with what stands before it. */
export function jumped(state: OpenHex, address: bigint, rows: number): OpenHex {
  const next = placed(state, clamped(state, address));
  if (lineOfCursor(next, rows) !== -1) return visible(next, rows);
  return atLine(next, Math.floor(rows / 3));
}

/** The same, remembering from where. */
export function travelled(state: OpenHex, address: bigint, rows: number): OpenHex {
  const back = [...state.back, state.cursor].slice(-longestBack);
  return { ...jumped(state, address, rows), back };
}

/** The line of the window that shows the cursor; -1 where none does. */
export function lineOfCursor(state: OpenHex, rows: number): number {
  const { cursor } = state;
  return linesFrom(shownOf(state), state.top, rows).findIndex(
    ({ place, item }) => !place.heading && cursor >= item.start && cursor < item.end,
  );
}

/** Scrolls so that a line of the window shows the cursor. */
export function atLine(state: OpenHex, line: number): OpenHex {
  const place = { address: state.cursor, heading: false };
  return { ...state, top: placeMoved(shownOf(state), place, -line) };
}

/** Scrolls as little as shows the cursor, and the heading of what begins there. */
function visible(state: OpenHex, rows: number): OpenHex {
  const line = lineOfCursor(state, rows);
  if (line > 0) return state;
  const shown = shownOf(state);
  const item = itemAt(shown, state.cursor);
  const isAbove = line === 0 || state.cursor < state.top.address;
  if (!isAbove) return atLine(state, rows - 1);
  const heading = rows > 1 && hasHeading(shown, item);
  return { ...state, top: { address: item.start, heading } };
}

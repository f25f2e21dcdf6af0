import type { SpaceLayout } from "../../state/byte-space.ts";
import type { Failure } from "../../state/questions.ts";
import type { HexArgument } from "./argument.ts";
import type { Shown } from "./items.ts";
import type { Known } from "./known.ts";
import type { Place } from "./places.ts";
import type { Search } from "./search.ts";

/** Addresses [from, to). */
export interface Range {
  from: bigint;
  to: bigint;
}

export interface HexState {
  argument: HexArgument;
  layout: SpaceLayout | undefined;
  failure: Failure | undefined;
  /** Bytes in a row. */
  width: number;
  known: Known;
  /** What is being read. */
  asked: Range | undefined;
  cursor: bigint;
  /** Where in a row the cursor goes when it changes rows. */
  column: number;
  /** The first line that is shown. */
  top: Place;
  /** Where jumps began, the last of them last. */
  back: readonly bigint[];
  /** Where the marked bytes begin, or end. */
  mark: bigint | undefined;
  bigEndian: boolean;
  search: Search | undefined;
  /** How the bytes that were asked for are copied when they come. */
  copying: "hex" | "text";
}

/** The state once it is known what the space is made of. */
export type OpenHex = HexState & { layout: SpaceLayout };

/** Is there anything to show? */
export function isOpen(state: HexState): state is OpenHex {
  return state.layout !== undefined && state.layout.end > 0n;
}

export function shownOf({ layout, known, width }: OpenHex): Shown {
  return { layout, known, width };
}

/** Bytes in a row of a window. */
export function widthFor(columns: number): number {
  if (columns < 48) return 4;
  if (columns < 80) return 8;
  return columns < 176 ? 16 : 32;
}

/** The marked bytes, those under the cursor with them; undefined where nothing is marked. */
export function markedRange({ mark, cursor }: HexState): Range | undefined {
  if (mark === undefined) return undefined;
  return mark < cursor ? { from: mark, to: cursor + 1n } : { from: cursor, to: mark + 1n };
}

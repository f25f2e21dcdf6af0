import { earlier, itemAt, later, regionAt } from "./items.ts";
import { lookUp } from "./known.ts";
import { type Place, placeAfter, placeBefore } from "./places.ts";
import { type OpenHex, type Range, shownOf } from "./state.ts";

/** Least bytes of one read: a page. */
const leastBytes = 4096;

/**
 * What has to be read next: of the lines that are shown, then of a page after them and of one
 * before, so that whoever scrolls finds them there. Undefined where all of it is known.
 */
export function wanted(state: OpenHex, rows: number): Range | undefined {
  const shown = shownOf(state);
  const span = BigInt(Math.max(leastBytes, 2 * rows * state.width));
  let at: Place | undefined = state.top;
  for (let line = 0; at !== undefined && line < 2 * rows; line++) {
    const item = itemAt(shown, at.address);
    if (item.kind === "unread") return clipped(state, item.start, item.start + span, item.start);
    at = placeAfter(shown, at);
  }
  at = placeBefore(shown, state.top);
  for (let line = 0; at !== undefined && line < rows; line++) {
    const item = itemAt(shown, at.address);
    if (item.kind === "unread") return clipped(state, item.end - span, item.end, item.start);
    at = placeBefore(shown, at);
  }
  return undefined;
}

/** A range without what is outside the region of an address, and without what is known. */
function clipped({ layout, known }: OpenHex, from: bigint, to: bigint, address: bigint): Range {
  const region = regionAt(layout, address);
  const found = lookUp(known, address);
  const { after, before } = "piece" in found ? { after: undefined, before: undefined } : found;
  return {
    from: later(later(from, after), layout.starts[region]),
    to: earlier(earlier(to, before), layout.ends[region]),
  };
}

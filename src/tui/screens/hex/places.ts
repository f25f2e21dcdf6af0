import { type Item, itemAt, regionAt, type Shown } from "./items.ts";

/**
 * A line of the view: an item by one of its addresses, or the heading that stands above the first
 * item of a region.
 */
export interface Place {
  address: bigint;
  heading: boolean;
}

export interface PlacedLine {
  place: Place;
  item: Item;
}

/** Does a region begin with this item, so that a heading stands above it? */
export function hasHeading({ layout }: Shown, { start, kind }: Item): boolean {
  const region = kind === "gap" ? -1 : regionAt(layout, start);
  return region !== -1 && layout.starts[region] === start && layout.permissions[region] !== "";
}

/** The line after one; undefined at the end of the space. */
export function placeAfter(shown: Shown, { address, heading }: Place): Place | undefined {
  const item = itemAt(shown, address);
  if (heading) return { address: item.start, heading: false };
  if (item.end >= shown.layout.end) return undefined;
  const next = itemAt(shown, item.end);
  return { address: next.start, heading: hasHeading(shown, next) };
}

/** The line before one; undefined at the beginning of the space. */
export function placeBefore(shown: Shown, { address, heading }: Place): Place | undefined {
  const item = itemAt(shown, address);
  if (!heading && hasHeading(shown, item)) return { address: item.start, heading: true };
  if (item.start === 0n) return undefined;
  return { address: itemAt(shown, item.start - 1n).start, heading: false };
}

/** Moves a place by so many lines, and stops at the ends of the space. */
export function placeMoved(shown: Shown, place: Place, lines: number): Place {
  const step = lines < 0 ? placeBefore : placeAfter;
  let at = place;
  for (let left = Math.abs(lines); left > 0; left--) {
    const next = step(shown, at);
    if (next === undefined) break;
    at = next;
  }
  return at;
}

/** At most `count` lines from a place on. */
export function linesFrom(shown: Shown, place: Place, count: number): PlacedLine[] {
  const lines: PlacedLine[] = [];
  let at: Place | undefined = place;
  while (at !== undefined && lines.length < count) {
    lines.push({ place: at, item: itemAt(shown, at.address) });
    at = placeAfter(shown, at);
  }
  return lines;
}

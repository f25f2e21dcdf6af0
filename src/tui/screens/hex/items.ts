import type { Origin } from "../../../criu/memory/process-memory.ts";
import type { SpaceLayout } from "../../state/byte-space.ts";
import { type Known, lastStart, lookUp } from "./known.ts";

/** What items are made from: the regions of a space, what was read of it, bytes in a row. */
export interface Shown {
  layout: SpaceLayout;
  known: Known;
  width: number;
}

/**
 * One line of the view, which shows addresses [start, end). Every address of a space is in exactly
 * one item, so that lines can be counted from any address without the lines before it.
 */
export type Item = { start: bigint; end: bigint } & (
  | { kind: "row"; bytes: Uint8Array }
  /** A row whose bytes have not come yet. */
  | { kind: "unread" }
  /** Rows that are all like `row`. */
  | { kind: "same"; row: Uint8Array }
  | { kind: "absent"; origin: Exclude<Origin, "dumped"> }
  | { kind: "failed"; message: string }
  /** Between regions. */
  | { kind: "gap" }
);

/** Index of the region that holds an address; -1 where none does. */
export function regionAt({ starts, ends }: SpaceLayout, address: bigint): number {
  const at = regionBefore({ starts }, address);
  return at !== -1 && address < (ends[at] as bigint) ? at : -1;
}

/** Index of the last region that begins at or before an address; -1 where none does. */
export function regionBefore({ starts }: Pick<SpaceLayout, "starts">, address: bigint): number {
  return lastStart(starts.length, (index) => starts[index] as bigint, address);
}

/** The item that shows an address of the space. */
export function itemAt(shown: Shown, address: bigint): Item {
  const { layout, known } = shown;
  const { starts, ends, end } = layout;
  const before = regionBefore(layout, address);
  const regionStart = starts[before];
  const regionEnd = ends[before];
  if (regionStart === undefined || regionEnd === undefined || address >= regionEnd) {
    return { kind: "gap", start: regionEnd ?? 0n, end: starts[before + 1] ?? end };
  }
  const found = lookUp(known, address);
  if (!("piece" in found)) {
    // Unread rows end where a region does and where something is known.
    const start = later(regionStart, found.after);
    return { kind: "unread", ...row(shown, address, start, earlier(regionEnd, found.before)) };
  }
  const { piece } = found;
  if (piece.kind !== "bytes") return piece;
  const bounds = row(shown, address, piece.start, piece.end);
  const from = Number(bounds.start - piece.start);
  const to = Number(bounds.end - piece.start);
  return { kind: "row", ...bounds, bytes: piece.bytes.subarray(from, to) };
}

/** The row of an address: rows begin at multiples of their width, and never cross bounds. */
function row(
  { width }: Shown,
  address: bigint,
  least: bigint,
  most: bigint,
): { start: bigint; end: bigint } {
  const start = address - (address % BigInt(width));
  return { start: later(start, least), end: earlier(start + BigInt(width), most) };
}

export function later(one: bigint, other: bigint | undefined): bigint {
  return other === undefined || one > other ? one : other;
}

export function earlier(one: bigint, other: bigint | undefined): bigint {
  return other === undefined || one < other ? one : other;
}

/**
 * The bytes from an address on, as many as are known without a break, at most `length`. What was
 * never written is zero.
 */
export function bytesAt(shown: Shown, address: bigint, length: number): Uint8Array {
  const result = new Uint8Array(length);
  let count = 0;
  while (count < length) {
    const at = address + BigInt(count);
    if (at >= shown.layout.end) break;
    const item = itemAt(shown, at);
    const inside = Number(item.end - at > BigInt(length) ? BigInt(length) : item.end - at);
    const room = Math.min(inside, length - count);
    if (item.kind === "row") {
      const from = Number(at - item.start);
      result.set(item.bytes.subarray(from, from + room), count);
    } else if (item.kind === "same") {
      const from = Number((at - item.start) % BigInt(item.row.length));
      for (let step = 0; step < room; step++) {
        result[count + step] = item.row[(from + step) % item.row.length] as number;
      }
    } else if (item.kind !== "absent" || item.origin !== "zero") break;
    count += room;
  }
  return result.subarray(0, count);
}

import { formatCount } from "../../../base/units.ts";
import type { RawBytes } from "../../state/byte-space.ts";
import type { Act, Step } from "../../state/screen.ts";
import { itemAt } from "./items.ts";
import { type HexState, markedRange, type OpenHex, type Range, shownOf } from "./state.ts";

/** Bytes that are copied at most: what a terminal takes as hexadecimal. */
const mostCopied = 24 * 1024;

/** The marked bytes, or those of the row under the cursor. */
function chosen(state: OpenHex): Range {
  const marked = markedRange(state);
  if (marked !== undefined) return marked;
  const { cursor, width } = state;
  const { start, end } = itemAt(shownOf(state), cursor);
  const from = cursor - (cursor % BigInt(width));
  const to = from + BigInt(width);
  return { from: from > start ? from : start, to: to < end ? to : end };
}

/** Asks for the bytes that are to be copied; not all of them need to be on the screen. */
export function copying(state: OpenHex, as: "hex" | "text"): Step<HexState> {
  const { from, to } = chosen(state);
  if (to - from > BigInt(mostCopied)) {
    const text = `${formatCount(to - from)} bytes are more than a terminal takes (${formatCount(mostCopied)}): save them with w`;
    return { state, acts: [{ act: "flash", level: "error", text }] };
  }
  const { path } = state.argument;
  const question = { of: "rawBytes", path, space: spaceOf(state), from, to } as const;
  return { state: { ...state, copying: as }, acts: [{ act: "ask", slot: "copy", question }] };
}

/** Copies what came. Bytes that nobody knows are never made up. */
export function copied({ bytes, unknown }: RawBytes, as: "hex" | "text"): Act {
  const all = formatCount(bytes.length);
  if (unknown > 0) {
    const text = `${formatCount(unknown)} of the ${all} bytes are not in the dump: nothing was copied`;
    return { act: "flash", level: "error", text };
  }
  const buffer = Buffer.from(bytes);
  const text =
    as === "text" ? buffer.toString("utf8") : (buffer.toString("hex").match(/../g) ?? []).join(" ");
  return { act: "copy", text, what: `${all} bytes as ${as === "text" ? "text" : "hexadecimal"}` };
}

/** The space without what else the view was opened with. */
export function spaceOf({ argument }: HexState): { pid: number } | { member: string } {
  return "pid" in argument ? { pid: argument.pid } : { member: argument.member };
}

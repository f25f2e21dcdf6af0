import type { SearchPart, SearchPattern } from "../../state/byte-space.ts";
import { percent } from "../../view/bar.ts";
import { lastStart } from "./known.ts";

/** A search that goes on, or is done. */
export interface Search {
  /** What was typed. */
  text: string;
  pattern: SearchPattern;
  /** Where it was found, in ascending order, and bytes of each. */
  starts: BigUint64Array;
  lengths: Uint32Array;
  searching: boolean;
  searched: number;
  total: number;
  limited: boolean;
  /** The cursor goes to the first place behind it as soon as one is known. */
  jump: boolean;
}

const kinds: Readonly<Record<string, SearchPattern["kind"]>> = {
  text: "text",
  hex: "hex",
  re: "regex",
  utf16: "utf16",
};

/** What the prompt says of itself. */
export const findLabel = "find (text, hex: re: utf16:) ";

/** Reads what was typed: a text as it stands, unless a word and a colon before it say otherwise. */
function readPattern(text: string): SearchPattern {
  const match = /^(text|hex|re|utf16):([\s\S]*)$/.exec(text);
  const kind = kinds[match?.[1] ?? ""];
  return kind === undefined ? { kind: "text", text } : { kind, text: match?.[2] ?? "" };
}

export function newSearch(text: string): Search {
  return {
    text,
    pattern: readPattern(text),
    starts: new BigUint64Array(0),
    lengths: new Uint32Array(0),
    searching: true,
    searched: 0,
    total: 0,
    limited: false,
    jump: true,
  };
}

/** The search with what came; private memory comes in order, shared memory after it. */
export function withFound(search: Search, found: SearchPart, part: boolean): Search {
  const { searched, total, limited } = found;
  return { ...search, ...merged(search, found), searched, total, limited, searching: part };
}

type Places = Pick<Search, "starts" | "lengths">;

function merged(one: Places, other: Places): Places {
  if (other.starts.length === 0) return one;
  const count = one.starts.length + other.starts.length;
  const starts = new BigUint64Array(count);
  const lengths = new Uint32Array(count);
  let left = 0;
  let right = 0;
  for (let at = 0; at < count; at++) {
    const a = one.starts[left];
    const b = other.starts[right];
    const first = b === undefined || (a !== undefined && a <= b);
    starts[at] = (first ? a : b) as bigint;
    lengths[at] = (first ? one.lengths[left] : other.lengths[right]) as number;
    if (first) left += 1;
    else right += 1;
  }
  return { starts, lengths };
}

/** Index of the last match that begins at or before an address; -1 where none does. */
export function matchBefore({ starts }: Places, address: bigint): number {
  return lastStart(starts.length, (index) => starts[index] as bigint, address);
}

/** Where the next match begins, around the end; undefined where there is none. */
export function nextMatch(search: Search, cursor: bigint): bigint | undefined {
  const { starts, searching } = search;
  const next = starts[matchBefore(search, cursor) + 1];
  // What is not found yet may come before the first.
  return next ?? (searching ? undefined : starts[0]);
}

export function previousMatch(search: Search, cursor: bigint): bigint | undefined {
  const { starts, searching } = search;
  const at = cursor === 0n ? -1 : matchBefore(search, cursor - 1n);
  return starts[at] ?? (searching ? undefined : starts.at(-1));
}

/** Is the byte at an address part of a match? */
export function isMatch(search: Search, address: bigint): boolean {
  const at = matchBefore(search, address);
  const start = search.starts[at];
  return start !== undefined && address < start + BigInt(search.lengths[at] as number);
}

/** `2 of 4`, `4 found`, `searching 35.0 %`. */
export function countText(search: Search, cursor: bigint): string {
  const { starts, searching, searched, total, limited } = search;
  const all = `${starts.length}${limited ? "+" : ""}`;
  const at = matchBefore(search, cursor);
  const found =
    starts.length === 0
      ? "nothing found"
      : isMatch(search, cursor)
        ? `${at + 1} of ${all}`
        : `${all} found`;
  if (!searching) return found;
  const share = total === 0 ? "" : ` ${percent(searched / total)}`;
  return starts.length === 0 ? `searching…${share}` : `${found}  searching…${share}`;
}

import type { SpaceLayout } from "../../state/byte-space.ts";
import { regionBefore } from "./items.ts";

/** What the prompt says of itself. */
export const gotoLabel = "goto (hex, +n, -n, mapping) ";

/**
 * Reads where somebody wants to go: an address in hexadecimal digits, `+` or `-` and a number of
 * bytes (decimal, or hexadecimal after `0x`), or a part of a mapping's name, of which the first
 * one behind the cursor is meant.
 * @returns why there is no such place, where there is none.
 */
export function readGoto(
  text: string,
  layout: SpaceLayout,
  cursor: bigint,
): { to: bigint } | { fault: string } {
  const word = text.trim();
  const relative = /^([+-])\s*(0x[\da-f]+|\d+)$/i.exec(word);
  const to =
    relative !== null
      ? relative[1] === "+"
        ? cursor + BigInt(relative[2] ?? 0)
        : cursor - BigInt(relative[2] ?? 0)
      : /^(0x)?[\da-f_]+$/i.test(word)
        ? BigInt(`0x${word.replace(/^0x/i, "").replaceAll("_", "") || "0"}`)
        : named(word, layout, cursor);
  if (to === undefined) return { fault: `no mapping is called ${word}, and it is no address` };
  if (to < 0n) return { fault: "that is before the first byte" };
  if (to >= layout.end) {
    return {
      fault: `0x${to.toString(16)} is outside: the last byte is 0x${(layout.end - 1n).toString(16)}`,
    };
  }
  return { to };
}

function named(word: string, layout: SpaceLayout, cursor: bigint): bigint | undefined {
  const { names, starts } = layout;
  const next = regionBefore(layout, cursor) + 1;
  const small = word.toLowerCase();
  if (small === "") return undefined;
  for (let step = 0; step < names.length; step++) {
    const at = (next + step) % names.length;
    if (names[at]?.toLowerCase().includes(small)) return starts[at];
  }
  return undefined;
}

/**
 * What must not reach a terminal: controls but for line breaks and tabs, escape sequences, marks
 * that reorder a line or hide. Written apart from src/base/text.ts, which it judges.
 */
const ranges = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
].map(([first, last]) => `\\u{${first?.toString(16)}}-\\u{${last?.toString(16)}}`);
const unsafe = new RegExp(`[${ranges.join("")}]`, "u");

/** The first unsafe character with what stands around it; undefined where there is none. */
export function unsafeOutput(text: string): string | undefined {
  const at = text.search(unsafe);
  return at === -1 ? undefined : JSON.stringify(text.slice(Math.max(0, at - 80), at + 40));
}

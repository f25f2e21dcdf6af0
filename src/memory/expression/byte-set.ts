/** A set of bytes: 256 numbers, 1 for those that are in it. */
export type ByteSet = Uint8Array;

export const everyByte: ByteSet = new Uint8Array(256).fill(1);
export const noByte: ByteSet = new Uint8Array(256);

export function union(a: ByteSet, b: ByteSet): ByteSet {
  return a === b ? a : a.map((is, byte) => is | (b[byte] as number));
}

const everyCharacter = String.fromCharCode(...everyByte.keys());

/**
 * What one character of an expression (`a`, `.`, `\d`, `[^x]`) stands for. The engine that will
 * run the expression is asked, so there is no second opinion on case and classes.
 */
export function bytesOf(atom: string, flags: string): ByteSet {
  const set = new Uint8Array(256);
  for (const { index } of everyCharacter.matchAll(new RegExp(atom, `${flags}g`))) set[index] = 1;
  return set;
}

/** How often a byte occurs in the memory of processes, roughly; only ranks matter. */
const frequency = new Float64Array(256).fill(0.0015);
for (const [share, bytes] of [
  [0.004, '\n"_./-,:={}();[]'],
  [0.003, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
  [0.008, "0123456789"],
  [0.008, "bcdfghjklmpquvwxyz"],
  [0.015, "aeinorst"],
  [0.02, " \x01\x7f"],
  [0.03, "\xff"],
  [0.4, "\0"],
] as const) {
  for (const byte of Buffer.from(bytes, "latin1")) frequency[byte] = share;
}

/** Share of memory's bytes that are in a set, roughly. */
export function share(set: Uint8Array): number {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) if (set[byte] !== 0) sum += frequency[byte] as number;
  return Math.min(1, sum);
}

/**
 * The narrowest test `(byte & mask) === value` that all bytes of a set pass: exact for one byte
 * and for the two cases of a letter, nearly so for digits.
 */
export function cover(set: Uint8Array): { mask: number; value: number } {
  let ones = 0xff;
  let any = 0;
  for (let byte = 0; byte < 256; byte++) {
    if (set[byte] === 0) continue;
    ones &= byte;
    any |= byte;
  }
  const mask = ~(ones ^ any) & 0xff;
  return { mask, value: ones & mask };
}

/** The share of bytes that pass such a test. */
export function coverShare({ mask, value }: { mask: number; value: number }): number {
  return share(everyByte.map((_, byte) => ((byte & mask) === value ? 1 : 0)));
}

import fc from "fast-check";
import type { Encoding } from "../../src/memory/strings.ts";

/** Memory made of what texts begin, end and break with, in every encoding. */
export function pieces(maxLength: number): fc.Arbitrary<Buffer> {
  const whole = [
    "a",
    "~",
    " ",
    "\t",
    "word",
    "é",
    "߿",
    "ࠀ",
    "€",
    "퟿",
    "𐀀",
    "\u{10ffff}",
    "a\0b\0c\0",
    "\0",
  ];
  const broken = [[0x80], [0xc2], [0xc2, 0x9f], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x9f]];
  const other = [[0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80], [0x7f], [0x1f], [0xff], [0], [0, 0, 0]];
  const piece = fc.oneof(
    fc.constantFrom(...whole).map((text) => Buffer.from(text)),
    fc.constantFrom(...whole).map((text) => Buffer.from(text)),
    fc.constantFrom(...broken, ...other).map((bytes) => Buffer.from(bytes)),
  );
  return fc.array(piece, { maxLength }).map((list) => Buffer.concat(list));
}

const longest = 64 * 1024;

/** Bytes of the printable character that begins at a place; 0 where none does. */
function characterAt(bytes: Buffer, at: number, encoding: Encoding): number {
  const byte = bytes[at] ?? 0;
  const plain = (byte >= 0x20 && byte <= 0x7e) || byte === 9;
  if (encoding === "utf16le") return plain && bytes[at + 1] === 0 ? 2 : 0;
  if (plain) return 1;
  if (encoding === "ascii" || byte < 0x80) return 0;
  for (const length of [2, 3, 4]) {
    const part = bytes.subarray(at, at + length);
    const text = part.toString("utf8");
    const whole = [...text].length === 1 && Buffer.from(text).equals(part);
    if (whole && part.length === length) return (text.codePointAt(0) ?? 0) >= 0xa0 ? length : 0;
  }
  return 0;
}

/** Character by character: runs of printable ones, long ones cut where `strings` cuts them. */
export function textsNaively(
  bytes: Buffer,
  encoding: Encoding,
  least: number,
): { start: number; end: number }[] {
  const most = { ascii: longest, utf8: longest / 4, utf16le: longest / 2 }[encoding];
  const found: { start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = start;
    let characters = 0;
    for (let size = characterAt(bytes, end, encoding); size > 0 && characters < most; ) {
      end += size;
      characters += 1;
      size = characterAt(bytes, end, encoding);
    }
    if (characters >= least) found.push({ start, end });
    start = Math.max(end, start + 1);
  }
  return found;
}

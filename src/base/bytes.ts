import { isUtf8 } from "node:buffer";

/** Joins chunks into one array that the caller owns. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const only = chunks[0];
  if (chunks.length === 1 && only !== undefined) return only;
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Little-endian u32 at a byte offset that the caller has checked. */
export function u32le(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset] ?? 0) |
      ((bytes[offset + 1] ?? 0) << 8) |
      ((bytes[offset + 2] ?? 0) << 16) |
      ((bytes[offset + 3] ?? 0) << 24)) >>>
    0
  );
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, at) => bytes[at] === byte);
}

export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

/**
 * The same bytes as a Buffer, not copied. It decodes text here in TextDecoder's stead: a strict
 * one of those loads converter tables, which takes longer than a small inspection's decoding, and
 * its "latin1" is Windows-1252.
 */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** UTF-8 text; bytes that are not UTF-8 become U+FFFD. */
export function text(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("utf8");
}

/** UTF-8 text, or undefined where the bytes are none. */
export function strictText(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? text(bytes) : undefined;
}

export function ascii(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("latin1");
}

/**
 * UTF-8 text in which each byte that is none becomes a lone surrogate U+DC80 to U+DCFF, as
 * Python's `surrogateescape` does; `escapedBytes` gives the same bytes back.
 */
export function escapedText(bytes: Uint8Array): string {
  const whole = strictText(bytes);
  if (whole !== undefined) return whole;
  let result = "";
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    const valid = length > 0 ? strictText(bytes.subarray(at, at + length)) : undefined;
    if (valid === undefined) {
      result += String.fromCharCode(0xdc00 + (bytes[at] as number));
      at += 1;
    } else {
      result += valid;
      at += length;
    }
  }
  return result;
}

/** Bytes that a UTF-8 sequence announces in its first byte; 0 where none can start. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

const encoder = new TextEncoder();

/** The bytes of a text of `escapedText`. */
export function escapedBytes(value: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(value)) return encoder.encode(value);
  const parts: Uint8Array[] = [];
  for (const character of value) {
    const code = character.codePointAt(0) as number;
    const raw = code >= 0xdc80 && code <= 0xdcff;
    parts.push(raw ? Uint8Array.of(code - 0xdc00) : encoder.encode(character));
  }
  return concat(parts);
}

import { Buffer } from "node:buffer";

/** Decodes base64, either alphabet, padded or not; undefined where it is none, or ends in mid-byte. */
export function decodeBase64(text: string): Buffer | undefined {
  const bare = text.replace(/={1,2}$/, "");
  if (bare.length === 0 || bare.length % 4 === 1 || !/^[\w+/-]*$/.test(bare)) return undefined;
  return Buffer.from(bare, "base64");
}

/** The same for what has to be printable text, in characters of one byte each. */
export function decodeBase64Text(text: string): string | undefined {
  const decoded = decodeBase64(text)?.toString("latin1");
  return decoded !== undefined && /^[\t\n\r -~]+$/.test(decoded) ? decoded : undefined;
}

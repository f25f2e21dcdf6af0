import type { Buffer } from "node:buffer";
import { decodeBase64 } from "./base64.ts";

/** A macaroon of format 2 (libmacaroons' doc/format.txt): who gave it out, and what narrows it. */
interface Macaroon {
  location: string;
  caveats: string[];
}

const end = 0;
const locationField = 1;
const identifierField = 2;
const signatureField = 6;

/** Takes base64 apart into a macaroon; undefined unless all of it is one, signature included. */
export function parseMacaroon(base64: string): Macaroon | undefined {
  const bytes = decodeBase64(base64);
  if (bytes?.[0] !== 2) return undefined;
  let location = "";
  let section = 0;
  const caveats: string[] = [];
  for (const { type, content } of fields(bytes)) {
    if (type === end) section++;
    else if (type === locationField && section === 0) location = content.toString("utf8");
    else if (type === identifierField && section > 0) caveats.push(content.toString("utf8"));
    else if (type === signatureField) {
      return content.length === 32 ? { location, caveats } : undefined;
    }
  }
  return undefined;
}

/** Walks over fields, whose lengths are of one byte or two: longer ones are no token's. */
function* fields(bytes: Buffer): Generator<{ type: number; content: Buffer }> {
  let at = 1;
  while (at < bytes.length) {
    const type = bytes[at++] ?? 0;
    let size = 0;
    if (type !== end) {
      size = bytes[at++] ?? 0;
      if (size >= 128) size = (size & 127) | ((bytes[at++] ?? 0) << 7);
    }
    if (at + size > bytes.length) return;
    yield { type, content: bytes.subarray(at, at + size) };
    at += size;
  }
}

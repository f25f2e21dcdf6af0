import type { Buffer } from "node:buffer";
import type { Judgement } from "../detector.ts";
import { decodeBase64 } from "./base64.ts";

const secretKeyPacket = 5;
const algorithms: Record<number, string> = {
  1: "rsa",
  16: "elgamal",
  17: "dsa",
  18: "ecdh",
  19: "ecdsa",
  22: "eddsa",
  25: "x25519",
  27: "ed25519",
};

/** Judges an armoured PGP block: its first packet has to be a secret key (RFC 9580, 5.5.3). */
export function judgePgpKey(body: string): Judgement | undefined {
  const lines = body.replace(/\\{1,3}[nr]/g, "\n").replace(/^[ \t]*[A-Za-z]{1,20}: [^\n]*$/gm, "");
  const checked = /^\s*(?<data>[\w+/\s]+={0,2})\s*(?:=(?<sum>[\w+/]{4}))?\s*$/.exec(lines)?.groups;
  const identity = checked?.["data"]?.replace(/\s+/g, "");
  const bytes = identity === undefined ? undefined : decodeBase64(identity);
  if (bytes === undefined || identity === undefined || packetTag(bytes) !== secretKeyPacket)
    return undefined;
  const sum = checked?.["sum"];
  const whole = sum !== undefined && decodeBase64(sum)?.readUIntBE(0, 3) === crc24(bytes);
  const { algorithm, created } = head(bytes);
  return {
    proof: whole ? "checksum" : "structure",
    facts: { algorithm, ...(created !== undefined && { created }) },
    identity,
  };
}

function packetTag(bytes: Buffer): number | undefined {
  const first = bytes[0] ?? 0;
  if ((first & 0x80) === 0) return undefined;
  return (first & 0x40) === 0 ? (first >> 2) & 15 : first & 63;
}

/** What stands behind the packet's head: version, time of making, algorithm. */
function head(bytes: Buffer): { algorithm: string; created?: string } {
  const first = bytes[0] ?? 0;
  const length = bytes[1] ?? 0;
  const isNew = (first & 0x40) !== 0;
  const at = isNew ? (length < 192 ? 2 : length < 224 ? 3 : 6) : 1 + (1 << (first & 3));
  const version = bytes[at];
  if (bytes.length < at + 6 || version === undefined || version < 4)
    return { algorithm: "unknown" };
  const created = new Date(bytes.readUInt32BE(at + 1) * 1000).toISOString();
  return { algorithm: algorithms[bytes[at + 5] ?? 0] ?? "unknown", created };
}

/** The checksum of RFC 9580, 6.1.1. */
function crc24(bytes: Buffer): number {
  let sum = 0xb704ce;
  for (const byte of bytes) {
    sum ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      sum <<= 1;
      if (sum & 0x1000000) sum ^= 0x1864cfb;
    }
  }
  return sum & 0xffffff;
}

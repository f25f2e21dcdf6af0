import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject } from "node:crypto";
import type { Judgement } from "../detector.ts";
import { decodeBase64 } from "./base64.ts";
import { entropy } from "./entropy.ts";
import { openSshFacts } from "./openssh-key.ts";

/**
 * The base 64 of a PEM block's body, however its lines are told apart: by line ends, blanks of YAML,
 * or a backslash and a letter as in JSON, any number of times. Header lines are left out.
 */
export function pemBase64(body: string): string {
  return body
    .replace(/\\{1,31}[nrt]/g, "\n")
    .replace(/^[ \t]*[A-Za-z-]{1,40}: [^\n]*$/gm, "")
    .replace(/[\s\\]+/g, "");
}

/** Judges a private key in PEM by what node:crypto, or our reader of OpenSSH's, makes of it. */
export function judgePemKey(label: string, body: string): Judgement | undefined {
  const identity = pemBase64(body);
  const der = decodeBase64(identity);
  if (der === undefined || entropy(identity) < 4) return undefined;
  if (label.startsWith("OPENSSH")) {
    const facts = openSshFacts(der);
    if (facts === undefined) return unreadable(label, identity);
    return { proof: "structure", facts, identity, ...(facts.encrypted && { severity: "low" }) };
  }
  if (label.startsWith("ENCRYPTED") || /Proc-Type:[^A-Z]*4,ENCRYPTED/.test(body)) {
    return {
      proof: "form",
      facts: { format: formOf(label), encrypted: true },
      severity: "low",
      identity,
    };
  }
  const key = readKey(label, der);
  if (key === undefined) return unreadable(label, identity);
  return { proof: "structure", facts: keyFacts(key), identity };
}

const formOf = (label: string): string => `${label}PRIVATE KEY`;

/** A key's form without a key in it: cut, invented, or of a kind that nobody here reads. */
function unreadable(label: string, identity: string): Judgement {
  return {
    proof: "form",
    facts: { format: formOf(label), readable: false },
    severity: "low",
    identity,
  };
}

/** PKCS #1 and SEC 1 say in their label what PKCS #8 says inside; DSA's own form only PEM carries. */
function readKey(label: string, der: Uint8Array): KeyObject | undefined {
  if (!isWholeSequence(der)) return undefined;
  const base64 = Buffer.from(der).toString("base64").replace(/.{64}/g, "$&\n");
  const name = `${label}PRIVATE KEY`;
  try {
    return createPrivateKey(`-----BEGIN ${name}-----\n${base64}\n-----END ${name}-----\n`);
  } catch {
    return undefined;
  }
}

/** Every key is one SEQUENCE of DER. OpenSSL takes a millisecond to say that something is none. */
function isWholeSequence(der: Uint8Array): boolean {
  const [tag, first = 0] = der;
  if (tag !== 0x30) return false;
  if (first < 0x80) return der.length >= 2 + first;
  const size = first - 0x80;
  if (size < 1 || size > 3) return false;
  const length = der.subarray(2, 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
  return der.length >= 2 + size + length;
}

/** Kind, size and curve of a key. */
export function keyFacts(key: KeyObject): Record<string, string | number> {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return {
    algorithm: key.asymmetricKeyType ?? "unknown",
    ...(modulusLength !== undefined && { bits: modulusLength }),
    ...(namedCurve !== undefined && { curve: namedCurve }),
  };
}

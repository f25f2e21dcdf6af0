import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import type { Judgement } from "../detector.ts";

const form =
  /^PuTTY-User-Key-File-(?<version>[23]): (?<algorithm>[\w@.-]{3,40})\nEncryption: (?<cipher>[\w-]{3,20})\nComment: (?<comment>[^\n]{0,200})\nPublic-Lines: \d{1,3}\n(?<shared>[\w+/=\n]+)\n(?:(?:Key-Derivation|Argon2-[A-Z][a-z]+): [^\n]{1,80}\n){0,8}Private-Lines: \d{1,3}\n(?<own>[\w+/=\n]+)\nPrivate-MAC: (?<mac>[0-9a-f]{40,64})$/;

/**
 * Judges a private key of PuTTY (appendix C of its manual). An open key's MAC needs no passphrase, so
 * it proves that the key is whole.
 */
export function judgePuttyKey(text: string): Judgement | undefined {
  const lines = text.replace(/\\r\\n|\\n|\r\n|\r/g, "\n").replace(/\n+/g, "\n");
  const parts = form.exec(lines)?.groups;
  if (parts === undefined) return undefined;
  const { algorithm = "", cipher = "", own = "" } = parts;
  const encrypted = cipher !== "none";
  const facts = { algorithm, encrypted, ...(encrypted && { cipher }) };
  const identity = own.replaceAll("\n", "");
  if (encrypted) return { proof: "structure", facts, severity: "low", identity };
  return { proof: isWhole(parts) ? "checksum" : "structure", facts, identity };
}

function isWhole(parts: Record<string, string | undefined>): boolean {
  const { version, algorithm = "", cipher = "", comment = "", shared = "", own = "", mac } = parts;
  const fields = [
    Buffer.from(algorithm),
    Buffer.from(cipher),
    Buffer.from(comment, "latin1"),
    Buffer.from(shared, "base64"),
    Buffer.from(own, "base64"),
  ];
  const old = version === "2";
  const key = old ? createHash("sha1").update("putty-private-key-file-mac-key").digest() : "";
  const hmac = createHmac(old ? "sha1" : "sha256", key);
  for (const field of fields) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    hmac.update(length).update(field);
  }
  return hmac.digest("hex") === mac;
}

import { createPrivateKey, type JsonWebKey } from "node:crypto";
import type { JsonObject } from "../../../base/json-object.ts";
import type { Judgement } from "../detector.ts";
import { decodeBase64 } from "./base64.ts";
import { parseObject, plainFacts } from "./json-object.ts";
import { keyFacts } from "./pem.ts";

/** Judges a JSON web key (RFC 7517) that holds a private or a symmetric key; public ones are none. */
export function judgeWebKey(text: string): Judgement | undefined {
  const key = parseObject(text) ?? parseObject(text.replace(/\\{1,3}"/g, '"'));
  if (key === undefined) return undefined;
  const names = plainFacts({ keyId: key["kid"], use: key["use"] });
  if (key["kty"] === "oct") return symmetric(key, names);
  if (typeof key["d"] !== "string") return undefined;
  try {
    const parsed = createPrivateKey({ key: key as JsonWebKey, format: "jwk" });
    return { proof: "structure", facts: { ...keyFacts(parsed), ...names }, identity: key["d"] };
  } catch {
    return undefined;
  }
}

function symmetric(key: JsonObject, names: Record<string, string | number>): Judgement | undefined {
  const secret = key["k"];
  const bytes = typeof secret === "string" ? decodeBase64(secret) : undefined;
  if (bytes === undefined || bytes.length < 16) return undefined;
  const facts = { algorithm: "symmetric", bits: bytes.length * 8, ...names };
  return { proof: "structure", facts, identity: String(secret) };
}

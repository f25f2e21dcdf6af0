import type { Judgement } from "../detector.ts";
import { decodeBase64Text } from "./base64.ts";
import { parseObject, plainFacts } from "./json-object.ts";

/** Judges a service account's token of 1Password: a JSON document in base 64. */
export function judgeOnePasswordToken(document: string): Judgement | undefined {
  const decoded = parseObject(decodeBase64Text(document) ?? "");
  if (decoded?.["secretKey"] === undefined && decoded?.["muk"] === undefined) return undefined;
  return {
    proof: "structure",
    facts: plainFacts({ address: decoded["signInAddress"], email: decoded["email"] }),
  };
}

import type { Judgement } from "../detector.ts";
import { decodeBase64Text } from "./base64.ts";
import { parseObject, plainFacts } from "./json-object.ts";

/** Judges an organisation's token of Sentry: a JSON document in base 64 between its mark and secret. */
export function judgeSentryToken(document: string): Judgement | undefined {
  const decoded = parseObject(decodeBase64Text(document) ?? "");
  if (decoded === undefined) return undefined;
  return {
    proof: "structure",
    facts: plainFacts({ organisation: decoded["org"], url: decoded["url"] }),
  };
}

import { isObject } from "../../../base/json-object.ts";
import type { Judgement } from "../detector.ts";
import { decodeBase64Text } from "./base64.ts";
import { parseObject, plainFacts } from "./json-object.ts";

/** Judges a key of Grafana that is a JSON document in base 64: `k` is the secret, `n` its name. */
export function judgeGrafanaDocument(base64: string): Judgement | undefined {
  const decoded = parseObject(decodeBase64Text(base64) ?? "");
  if (typeof decoded?.["k"] !== "string" || typeof decoded["n"] !== "string") return undefined;
  const more = decoded["m"];
  return {
    proof: "structure",
    facts: plainFacts({
      name: decoded["n"],
      organisation: decoded["o"] ?? decoded["id"],
      region: isObject(more) ? more["r"] : undefined,
    }),
  };
}

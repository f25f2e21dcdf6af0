import type { Judgement, SecretSeverity } from "../detector.ts";
import { isExample, isPlaceholder, looksRandom } from "./invented.ts";

type Facts = NonNullable<Judgement["facts"]>;

/**
 * Judges random characters by their form alone: no placeholder, and not too regular. Those that call
 * themselves an example are told as such, and are milder.
 * @param bits least entropy a character.
 */
export function byForm(
  secret: string,
  facts: Facts = {},
  severity?: SecretSeverity,
  bits = 3,
): Judgement | undefined {
  if (!looksRandom(secret, bits)) return undefined;
  if (isExample(secret))
    return { proof: "form", facts: { ...facts, example: true }, severity: "low" };
  if (isPlaceholder(secret)) return undefined;
  return { proof: "form", facts, ...(severity !== undefined && { severity }) };
}

import type { Judgement } from "../detector.ts";
import { decodeBase64Text } from "./base64.ts";

/** Judges a reference token of Artifactory: `reftkn:01:EXPIRY:RANDOM` in base 64, expiry in seconds. */
export function judgeReferenceToken(base64: string, now = Date.now()): Judgement | undefined {
  const [mark, , expiry, random] = decodeBase64Text(base64)?.split(":") ?? [];
  if (mark !== "reftkn" || random === undefined || random.length < 16) return undefined;
  const seconds = Number(expiry);
  const time = new Date(seconds * 1000);
  if (!(seconds > 0) || Number.isNaN(time.getTime())) return { proof: "structure" };
  const expired = time.getTime() < now;
  return {
    proof: "structure",
    facts: { expires: time.toISOString(), ...(expired && { expired }) },
    ...(expired && { severity: "low" }),
  };
}

import type { Judgement } from "../detector.ts";
import { hasBase62Checksum, lowerFirst } from "./base62-checksum.ts";
import { decodeBase64Text } from "./base64.ts";
import { byForm } from "./by-form.ts";

/** Judges a Synapse access token: `syt_USER_RANDOM_CHECKSUM`, a CRC-32 over all before it. */
export function judgeMatrixToken(token: string): Judgement | undefined {
  const parts = token.split("_");
  const user = decodeBase64Text(parts[1] ?? "");
  const body = token.slice(0, -7);
  const judged = byForm(parts[2] ?? "", { ...(user !== undefined && { user }) }, undefined, 2.8);
  return hasBase62Checksum(body + token.slice(-6), lowerFirst) && judged
    ? { ...judged, proof: "checksum" }
    : judged;
}

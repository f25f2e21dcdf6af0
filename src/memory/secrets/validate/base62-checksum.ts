import { crc32 } from "node:zlib";
import type { Judgement, SecretSeverity } from "../detector.ts";
import { byForm } from "./by-form.ts";

const upperFirst = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
export const lowerFirst = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const checksumLength = 6;

/**
 * Do the last six characters hold the CRC-32 of those before, in base 62? So GitHub and npm made
 * their tokens (github.blog, "Behind GitHub's new authentication token formats").
 * @param random the token without its prefix.
 * @param digits the 62 in their order, which differs from maker to maker.
 */
export function hasBase62Checksum(random: string, digits = upperFirst): boolean {
  let rest = crc32(random.slice(0, -checksumLength));
  let checksum = "";
  for (let place = 0; place < checksumLength; place++) {
    checksum = digits.charAt(rest % digits.length) + checksum;
    rest = Math.floor(rest / digits.length);
  }
  return random.endsWith(checksum);
}

/** Judges by the checksum. Without it the token was never given out: invented, or damaged. */
export function byBase62Checksum(
  random: string,
  otherwise: SecretSeverity = "medium",
): Judgement | undefined {
  const judged = byForm(random, { checksum: "wrong" }, otherwise);
  if (judged === undefined) return undefined;
  return hasBase62Checksum(random) ? { proof: "checksum" } : judged;
}

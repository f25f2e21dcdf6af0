import { maskMarked } from "../../base/mask.ts";
import { mayHoldSecret } from "../../base/secret-words.ts";

/** A line longer than this is masked in parts: what takes a text apart takes its time. */
const longestLine = 64 * 1024;

/**
 * Hides secrets in lines of text. Whole texts are looked at first for words that announce one,
 * so that most are not taken apart.
 */
export function maskLines(text: string): string {
  if (!mayHoldSecret(text)) return text;
  return text.split("\n").map(maskLine).join("\n");
}

/** Hides secrets in one line. */
export function maskLine(line: string): string {
  if (!mayHoldSecret(line)) return line;
  let result = "";
  for (let at = 0; at < line.length; at += longestLine) {
    result += maskMarked(line.slice(at, at + longestLine));
  }
  return result;
}

import { entropy } from "./entropy.ts";

const example = /example|sample|dummy|placeholder/i;
/** What documentation writes in a secret's place. */
const stand =
  /^(?:x{3,}|\*{3,}|\.{3,}|-{3,}|_{3,}|0{4,}|<.*>|\[.*\]|\{.*\}|foo|bar|baz|abc|xyz|your[-_ ]?\w.*|my[-_]?(?:password|secret|token|key)|changeit|replace[-_ ]?me|redacted|undefined|null|none|nil|true|false|todo)$/i;
const run = /(.)\1{7,}|(?:0123456789|1234567890|abcdefghij|x{6})/i;

/** Does a secret say itself that it is an example's? Those of the documentation are real ones' twins. */
export function isExample(secret: string): boolean {
  return example.test(secret);
}

/** Does it stand where a secret would, and is none: `xxxxxxxx`, `<token>`, `your-key-here`? */
export function isPlaceholder(secret: string): boolean {
  return stand.test(secret) || run.test(secret);
}

/** Could random characters look like this? Short texts have less entropy than long ones. */
export function looksRandom(text: string, bits = 3): boolean {
  return entropy(text) >= Math.min(bits, Math.log2(text.length) * 0.65);
}

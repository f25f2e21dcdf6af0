import fc from "fast-check";
import { secretWords } from "../../src/base/secret-words.ts";

const words = secretWords.map(({ word }) => word);
const pieces = [
  ...["=", ": ", ":", '"', "'", '\\"', '\\\\\\"', ",", ", ", " ", "  ", "\t", "://", "@", "/", "&"],
  ...["{", "[", "`", ";", "?", "(", "-", "--", "_", ".", "s", "S", "x", "9", "name", "value"],
  ...['{"name":"', '","value":"', "https://", "user:", "hunter2", "abcdefgh", "my_", "api_"],
  ...['\\\\\\":\\\\\\"', '":"', "=x", "=x", ": x", ".key", "-key", "_key", " x"],
  ...["api", "access-", "private", "wd", "word", "orization", "max_", "PWD=", "by", "DB_PASSWORD"],
];

/** Texts of printable ASCII made of what announces secrets, and of what stands around it. */
export const secretTexts: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...words),
      fc.constantFrom(...words).map((word) => word.toUpperCase()),
      fc.constantFrom(...pieces),
      fc.constantFrom(...pieces),
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((parts) => parts.join(""));

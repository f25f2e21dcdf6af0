import { UsageError } from "../../../base/errors.ts";
import {
  expressionMatcher,
  literalMatcher,
  type Matcher,
  parseHexPattern,
} from "../../../memory/matcher.ts";
import type { Io } from "../../io.ts";

/** What a search may look for. */
export interface MatcherOptions {
  text?: string;
  hex?: string;
  regex?: string;
  ignoreCase?: boolean;
  utf16?: boolean;
}

/** The matchers that the options ask for: one, or one for each encoding of a text. */
export function chosenMatchers(options: MatcherOptions, io: Pick<Io, "interruptible">): Matcher[] {
  const given = [options.text, options.hex, options.regex].filter((word) => word !== undefined);
  if (given.length !== 1) {
    throw new UsageError({
      what:
        given.length === 0
          ? "nothing to search for is named"
          : "two things to search for are named",
      allowed: "one of --text, --hex and --regex",
    });
  }
  if (options.hex !== undefined) return [literalMatcher(parseHexPattern(options.hex))];
  if (options.regex !== undefined)
    return [expressionMatcher(options.regex, options.ignoreCase, io.interruptible)];
  const text = options.text as string;
  const encodings: BufferEncoding[] = options.utf16 === true ? ["utf8", "utf16le"] : ["utf8"];
  return encodings.map((encoding) => {
    const bytes = Buffer.from(text, encoding);
    return options.ignoreCase === true
      ? expressionMatcher(escapeBytes(bytes), true)
      : literalMatcher(bytes);
  });
}

/** Bytes as a regular expression that finds them. */
function escapeBytes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

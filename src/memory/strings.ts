import { asBuffer } from "../base/bytes.ts";
import type { Match, Matcher } from "./matcher.ts";

export type Encoding = "ascii" | "utf8" | "utf16le";
export const encodings: readonly Encoding[] = ["ascii", "utf8", "utf16le"];

/** A longer string is told in pieces of this many bytes. */
export const longestText = 64 * 1024;

const printable = "\\x20-\\x7e\\t";
// Well-formed UTF-8 beyond ASCII (Unicode 15, table 3-7), controls U+0080 to U+009F left out.
const utf8 =
  "\\xc2[\\xa0-\\xbf]|[\\xc3-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}|\\xed[\\x80-\\x9f][\\x80-\\xbf]|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}";

/** Finds runs of at least `least` printable characters. */
export function stringsMatcher(encoding: Encoding, least: number): Matcher {
  if (encoding === "ascii") return asciiMatcher(least);
  const most = encoding === "utf16le" ? longestText / 2 : longestText;
  const unit = {
    utf8: `(?:[${printable}]|${utf8}){${least},${most / 4}}`,
    utf16le: `(?:[${printable}]\\x00){${least},${most}}`,
  }[encoding];
  const expression = new RegExp(unit, "g");
  return {
    lookBack: 0,
    longest: longestText,
    matches: (window, from) => {
      const text = asBuffer(window).toString("latin1");
      const found: Match[] = [];
      expression.lastIndex = from;
      for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
        found.push({ start: match.index, end: match.index + match[0].length });
      }
      return found;
    },
  };
}

/** The commonest encoding is looked for by the kernel. */
function asciiMatcher(least: number): Matcher {
  return {
    lookBack: 0,
    longest: longestText,
    matches: (window, from, kernel) => {
      kernel.load(window);
      const found: Match[] = [];
      kernel.runs(from, window.length, least, (start, end) => {
        for (let at = start; end - at >= least; at += longestText) {
          found.push({ start: at, end: Math.min(end, at + longestText) });
        }
      });
      return found;
    },
  };
}

/** The text of a string that was found. */
export function stringText(bytes: Uint8Array, encoding: Encoding): string {
  return asBuffer(bytes).toString(encoding === "utf16le" ? "utf16le" : "utf8");
}

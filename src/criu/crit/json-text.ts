/** What crit's JSON is made of. 64-bit integers are bigint, so that they stay exact. */
export type CritValue =
  | string
  | number
  | bigint
  | boolean
  | readonly CritValue[]
  | { readonly [key: string]: CritValue };

/** How text is laid out: as Python's `json.dump` does, on one line or indented by four. */
export interface TextStyle {
  pretty: boolean;
}

/** A value as Python writes it: ASCII only, `", "` and `": "` between, or indented. */
export function writeValue(value: CritValue, style: TextStyle, depth = 0): string {
  if (typeof value === "string") return writeString(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    return enclose(
      "[",
      (value as CritValue[]).map((entry) => writeValue(entry, style, depth + 1)),
      "]",
      style,
      depth,
    );
  }
  const pairs = Object.entries(value).map(
    ([key, entry]) => `${writeString(key)}: ${writeValue(entry as CritValue, style, depth + 1)}`,
  );
  return enclose("{", pairs, "}", style, depth);
}

export function lineBreak(style: TextStyle, depth: number): string {
  return style.pretty ? `\n${"    ".repeat(depth)}` : "";
}

/** What stands between two elements. */
export function separator(style: TextStyle, depth: number): string {
  return style.pretty ? `,${lineBreak(style, depth)}` : ", ";
}

function enclose(
  open: string,
  parts: readonly string[],
  close: string,
  style: TextStyle,
  depth: number,
): string {
  if (parts.length === 0) return open + close;
  const body = parts.join(separator(style, depth + 1));
  return `${open}${lineBreak(style, depth + 1)}${body}${lineBreak(style, depth)}${close}`;
}

const asciiOnly = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A string with everything but printable ASCII escaped, which is also safe on a terminal. */
export function writeString(value: string): string {
  if (asciiOnly.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const token = /"(?:[^"\\]|\\.)*"|-?\d+(?![\d.eE])/g;
/** Marks integers that a double cannot hold while JSON.parse passes over them. */
const bigMark = "\u0000big:";

/**
 * Parses JSON with integers exact: those beyond 2^53 become bigint.
 * @throws SyntaxError as JSON.parse does.
 */
export function parseExact(text: string): CritValue {
  const marked = text.replace(token, (found) => {
    if (found.startsWith('"') || found.length < 16) return found;
    return Number.isSafeInteger(Number(found))
      ? found
      : `"${JSON.stringify(bigMark).slice(1, -1)}${found}"`;
  });
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(bigMark)
      ? BigInt(value.slice(bigMark.length))
      : value,
  ) as CritValue;
}

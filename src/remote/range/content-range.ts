/** What an answer of status 206 or 416 says of itself (RFC 9110 §14.4). Offsets in bytes. */
export interface ContentRange {
  /** The first byte, and the one behind the last; undefined where none of the range is there. */
  from: number | undefined;
  to: number | undefined;
  /** Of the whole; undefined where the server does not know. */
  size: number | undefined;
}

/** Reads `bytes 0-1023/4096`, with a star for what is unknown; undefined for anything else. */
export function parseContentRange(header: string | undefined): ContentRange | undefined {
  const match = /^bytes (?:(\d{1,16})-(\d{1,16})|\*)\/(?:(\d{1,16})|\*)$/.exec(header ?? "");
  if (match === null) return undefined;
  const [first, last, size] = match.slice(1).map((text) => (text ? Number(text) : undefined));
  const to = last === undefined ? undefined : last + 1;
  const numbers = [first, to, size].filter((number) => number !== undefined);
  if (!numbers.every(Number.isSafeInteger)) return undefined;
  if (first !== undefined && to !== undefined && (to <= first || to > (size ?? to))) {
    return undefined;
  }
  return { from: first, to, size };
}

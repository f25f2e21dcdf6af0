/** IP addresses as CRIU stores them: u32 words whose bytes are in network order. */

/**
 * An IPv4 address in dotted form, or an IPv6 address as RFC 5952 wants it: IPv4 inside IPv6 is
 * dotted too, where the prefix says that it is one.
 */
export function showAddress(words: readonly number[]): string {
  const bytes = words.flatMap((word) => [
    word & 0xff,
    (word >>> 8) & 0xff,
    (word >>> 16) & 0xff,
    (word >>> 24) & 0xff,
  ]);
  if (words.length === 1) return bytes.join(".");
  const [a, b, c] = words;
  const mapped = a === 0 && b === 0 && c !== undefined && c >>> 0 === mappedPrefix;
  return mapped ? `::ffff:${bytes.slice(12).join(".")}` : showIpv6(bytes);
}

const mappedPrefix = 0xffff0000;

/**
 * Address and port as people write them: `127.0.0.1:80`, `[::1]:80`, `[fe80::1%eth0]:80`.
 * @param words one for IPv4, four for IPv6
 * @param port undefined for sockets that have none: then it is `127.0.0.1`, `[::1]`
 */
export function showEndpoint(
  words: readonly number[],
  port: number | undefined,
  zone?: string,
): string {
  const address = showAddress(words);
  const whole =
    words.length === 1 ? address : `[${address}${zone === undefined ? "" : `%${zone}`}]`;
  return port === undefined ? whole : `${whole}:${port}`;
}

function showIpv6(bytes: readonly number[]): string {
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  const gap = longestZeros(groups);
  const hex = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(":");
  if (gap === undefined) return hex(groups);
  return `${hex(groups.slice(0, gap.start))}::${hex(groups.slice(gap.start + gap.length))}`;
}

/** The first longest run of two or more zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined;
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > Math.max(1, best?.length ?? 0)) best = { start, length };
    start += length;
  }
  return best;
}

/** Reads an address of `showAddress`; undefined where the text is none. */
export function readAddress(text: string): number[] | undefined {
  const bytes = text.includes(":") ? readIpv6(text) : readIpv4(text);
  if (bytes === undefined) return undefined;
  const words: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const [a, b, c, d] = bytes.slice(at, at + 4) as [number, number, number, number];
    words.push((a | (b << 8) | (c << 16) | (d << 24)) >>> 0);
  }
  return words;
}

function readIpv4(text: string): number[] | undefined {
  const parts = text.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return parts.length === 4 && parts.every((part) => part < 256) ? parts : undefined;
}

function readIpv6(text: string): number[] | undefined {
  const halves = hexTail(text).split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

/** The same address with its last four bytes as two groups, where they are dotted. */
function hexTail(text: string): string {
  const cut = text.lastIndexOf(":") + 1;
  const bytes = text.includes(".") ? readIpv4(text.slice(cut)) : undefined;
  if (bytes === undefined) return text;
  const [a, b, c, d] = bytes as [number, number, number, number];
  return `${text.slice(0, cut)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}

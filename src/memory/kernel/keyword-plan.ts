import { UsageError } from "../../base/errors.ts";
import { share } from "../expression/byte-set.ts";

/** Keywords as the kernel looks for them (assembly/keywords.ts). Their numbers are their order. */
export interface KeywordPlan {
  bytes: Uint8Array;
  /** How many they are. */
  count: number;
}

const headsAt = 192;
const entriesAt = headsAt + 4096 * 2;
const entryBytes = 64;
const wordAt = 8;
const most = 8192;
/** Room for a plan, and the place of the number that tells where to go on. */
export const planBytes = entriesAt + most * entryBytes;
export const resumeOffset = 128;

/** The kernel looks for so many bytes of each; a shorter keyword has any byte behind it. */
const fragmentLength = 4;
export const shortestKeyword = 3;
export const longestKeyword = entryBytes - wordAt;
const bucketCount = 8;

/**
 * Makes a plan.
 * @param keywords of ASCII in lower case, each once
 * @throws UsageError for one that is too short or too long, and for too many.
 */
export function keywordPlan(keywords: readonly string[]): KeywordPlan {
  if (keywords.length > most) {
    throw new UsageError({
      what: "there are too many keywords to look for at once",
      found: `${keywords.length}`,
      allowed: `${most}`,
    });
  }
  const bytes = Buffer.alloc(entriesAt + keywords.length * entryBytes);
  const fragments = keywords.map((keyword, number) => {
    const word = checked(keyword);
    const offset = rarestFragment(word);
    const entry = entriesAt + number * entryBytes;
    bytes.set(word, entry + wordAt);
    bytes[entry + 2] = word.length;
    bytes[entry + 3] = offset;
    const fragment = word.subarray(offset, offset + fragmentLength);
    const head = headsAt + hash(fragment) * 2;
    bytes.writeUInt16LE(bytes.readUInt16LE(head), entry);
    bytes.writeUInt16LE(number + 1, head);
    return fragment;
  });
  writeTables(bytes, fragments);
  return { bytes, count: keywords.length };
}

function checked(keyword: string): Buffer {
  const fits = keyword.length >= shortestKeyword && keyword.length <= longestKeyword;
  if (fits && /^[\x20-\x40\x5b-\x7e]+$/.test(keyword)) return Buffer.from(keyword, "latin1");
  throw new UsageError({
    what: "a keyword cannot be looked for",
    found: JSON.stringify(keyword),
    allowed: `${shortestKeyword} to ${longestKeyword} characters of ASCII, in lower case`,
  });
}

/** The case of letters does not count, nor does that bit of other bytes. */
function hash(fragment: Uint8Array): number {
  const [a = 0, b = 0, c = 0] = fragment;
  const folded = a | 0x20 | ((b | 0x20) << 8) | ((c | 0x20) << 16);
  return Math.imul(folded, 0x9e3779b1) >>> 20;
}

/** The bytes of a word that are rarest in memory, as many as a fragment has. */
function rarestFragment(word: Uint8Array): number {
  const { bytes } = shares();
  let best = { offset: 0, share: Number.POSITIVE_INFINITY };
  for (let offset = 0; offset + fragmentLength <= word.length; offset++) {
    let product = 1;
    for (let at = offset; at < offset + fragmentLength; at++) {
      product *= bothCases(word[at] as number).reduce(
        (sum, byte) => sum + (bytes[byte] as number),
        0,
      );
    }
    if (product < best.share) best = { offset, share: product };
  }
  return best.offset;
}

function bothCases(byte: number): number[] {
  return byte >= 0x61 && byte <= 0x7a ? [byte, byte - 0x20] : [byte];
}

interface Shares {
  /** How much of memory each byte is, roughly. */
  bytes: Float64Array;
  /**
   * The same of the bytes with one high nibble and a set of low ones, in halves: for each of 16 high
   * nibbles 256 sets of the lower eight, then 256 of the upper eight.
   */
  halves: Float64Array;
}

let known: Shares | undefined;

function shares(): Shares {
  known ??= makeShares();
  return known;
}

function makeShares(): Shares {
  const bytes = Float64Array.from({ length: 256 }, (_, byte) => {
    const set = new Uint8Array(256);
    set[byte] = 1;
    return share(set);
  });
  const halves = new Float64Array(16 * 512);
  for (let half = 0; half < 32; half++) {
    for (let set = 1; set < 256; set++) {
      const lowest = 31 - Math.clz32(set & -set);
      const rest = halves[half * 256 + (set & (set - 1))] as number;
      halves[half * 256 + set] = rest + (bytes[half * 8 + lowest] as number);
    }
  }
  return { bytes, halves };
}

/** At each place of a fragment the low and the high nibbles that occur there, 16 bits each. */
interface Nibbles {
  low: number[];
  high: number[];
}

function nibblesOf(fragment: Uint8Array): Nibbles {
  const found: Nibbles = { low: [], high: [] };
  for (let place = 0; place < fragmentLength; place++) {
    const byte = fragment[place];
    const cases = byte === undefined ? [] : bothCases(byte);
    found.low.push(cases.reduce((set, each) => set | (1 << (each & 15)), 0) || 0xffff);
    found.high.push(cases.reduce((set, each) => set | (1 << (each >> 4)), 0) || 0xffff);
  }
  return found;
}

function joined(a: Nibbles, b: Nibbles): Nibbles {
  const both = (x: number[], y: number[]): number[] =>
    x.map((set, place) => set | (y[place] as number));
  return { low: both(a.low, b.low), high: both(a.high, b.high) };
}

/** Share of places that pass. */
function passing({ low, high }: Nibbles): number {
  const { halves } = shares();
  let product = 1;
  for (let place = 0; place < fragmentLength; place++) {
    const lows = low[place] as number;
    let sum = 0;
    for (let rest = high[place] as number; rest !== 0; rest &= rest - 1) {
      const row = (31 - Math.clz32(rest & -rest)) * 512;
      sum += (halves[row + (lows & 0xff)] as number) + (halves[row + 256 + (lows >> 8)] as number);
    }
    product *= sum;
  }
  return product;
}

/** Each fragment goes where it lets the fewest others through. */
function writeTables(bytes: Uint8Array, fragments: readonly Uint8Array[]): void {
  const none: Nibbles = { low: [0, 0, 0, 0], high: [0, 0, 0, 0] };
  const buckets = Array.from({ length: bucketCount }, () => ({ nibbles: none, share: 0 }));
  const each = new Map(fragments.map((one) => [Buffer.from(one).toString("latin1"), one]));
  for (const fragment of each.values()) {
    const wanted = nibblesOf(fragment);
    let best = { at: 0, cost: Number.POSITIVE_INFINITY, nibbles: none, share: 0 };
    for (const [at, bucket] of buckets.entries()) {
      const nibbles = joined(bucket.nibbles, wanted);
      const sum = passing(nibbles);
      if (sum - bucket.share >= best.cost) continue;
      best = { at, cost: sum - bucket.share, nibbles, share: sum };
    }
    buckets[best.at] = { nibbles: best.nibbles, share: best.share };
  }
  for (const [number, { nibbles }] of buckets.entries()) {
    for (let place = 0; place < fragmentLength; place++) {
      mark(bytes, place * 32, nibbles.low[place] as number, 1 << number);
      mark(bytes, place * 32 + 16, nibbles.high[place] as number, 1 << number);
    }
  }
}

function mark(bytes: Uint8Array, at: number, nibbles: number, bucket: number): void {
  for (let nibble = 0; nibble < 16; nibble++) {
    if ((nibbles >> nibble) & 1) bytes[at + nibble] = (bytes[at + nibble] as number) | bucket;
  }
}

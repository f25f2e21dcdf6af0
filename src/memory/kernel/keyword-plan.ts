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
  const { folded } = shares();
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset + fragmentLength <= word.length; offset++) {
    let product = 1;
    for (let at = offset; at < offset + fragmentLength; at++) {
      product *= folded[word[at] as number] as number;
    }
    if (product < least) {
      best = offset;
      least = product;
    }
  }
  return best;
}

/** The upper case of a letter, or the byte itself. */
function otherCase(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}

interface Shares {
  /** How much of memory each byte is, in either case, roughly. */
  folded: Float64Array;
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
  const bytes = new Float64Array(256);
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    set[byte] = 1;
    bytes[byte] = share(set);
    set[byte] = 0;
  }
  const folded = bytes.map((own, byte) => {
    const other = otherCase(byte);
    return other === byte ? own : own + (bytes[other] as number);
  });
  const halves = new Float64Array(16 * 512);
  for (let half = 0; half < 32; half++) {
    for (let low = 1; low < 256; low++) {
      const lowest = 31 - Math.clz32(low & -low);
      const rest = halves[half * 256 + (low & (low - 1))] as number;
      halves[half * 256 + low] = rest + (bytes[half * 8 + lowest] as number);
    }
  }
  return { folded, halves };
}

// What occurs at the places of a fragment, in one row of numbers: at each place the low nibbles,
// 16 bits, and behind those of all places the high ones.
const rowLength = 2 * fragmentLength;

function writeNibbles(row: Int32Array, fragment: Uint8Array): void {
  for (let place = 0; place < fragmentLength; place++) {
    const byte = fragment[place];
    if (byte === undefined) {
      row[place] = 0xffff;
      row[fragmentLength + place] = 0xffff;
      continue;
    }
    const other = otherCase(byte);
    row[place] = (1 << (byte & 15)) | (1 << (other & 15));
    row[fragmentLength + place] = (1 << (byte >> 4)) | (1 << (other >> 4));
  }
}

/** Share of places that pass a bucket, once a fragment has been added to it. */
function passing(buckets: Int32Array, at: number, added: Int32Array, halves: Float64Array): number {
  let product = 1;
  for (let place = 0; place < fragmentLength; place++) {
    const low = (buckets[at + place] as number) | (added[place] as number);
    const high = fragmentLength + place;
    let sum = 0;
    let rest = (buckets[at + high] as number) | (added[high] as number);
    for (; rest !== 0; rest &= rest - 1) {
      const row = (31 - Math.clz32(rest & -rest)) * 512;
      sum += (halves[row + (low & 0xff)] as number) + (halves[row + 256 + (low >> 8)] as number);
    }
    product *= sum;
  }
  return product;
}

/** Each fragment goes where it lets the fewest others through. */
function writeTables(bytes: Uint8Array, fragments: readonly Uint8Array[]): void {
  const { halves } = shares();
  const buckets = new Int32Array(bucketCount * rowLength);
  const passed = new Float64Array(bucketCount);
  const added = new Int32Array(rowLength);
  const each = new Map(fragments.map((one) => [Buffer.from(one).toString("latin1"), one]));
  for (const fragment of each.values()) {
    writeNibbles(added, fragment);
    let best = 0;
    let bestSum = 0;
    let cost = Number.POSITIVE_INFINITY;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const sum = passing(buckets, bucket * rowLength, added, halves);
      if (sum - (passed[bucket] as number) >= cost) continue;
      best = bucket;
      bestSum = sum;
      cost = sum - (passed[bucket] as number);
    }
    passed[best] = bestSum;
    for (let index = 0; index < rowLength; index++) {
      const at = best * rowLength + index;
      buckets[at] = (buckets[at] as number) | (added[index] as number);
    }
  }
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    for (let place = 0; place < fragmentLength; place++) {
      const at = bucket * rowLength + place;
      mark(bytes, place * 32, buckets[at] as number, 1 << bucket);
      mark(bytes, place * 32 + 16, buckets[at + fragmentLength] as number, 1 << bucket);
    }
  }
}

function mark(bytes: Uint8Array, at: number, nibbles: number, bucket: number): void {
  for (let nibble = 0; nibble < 16; nibble++) {
    if ((nibbles >> nibble) & 1) bytes[at + nibble] = (bytes[at + nibble] as number) | bucket;
  }
}

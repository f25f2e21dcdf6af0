import { UsageError } from "../../base/errors.ts";
import { share } from "../expression/byte-set.ts";

/** Keywords as the kernel looks for them (assembly/keywords.ts). Their numbers are their order. */
export interface KeywordPlan {
  bytes: Uint8Array;
  /** How many they are. */
  count: number;
}

const headsAt = 128;
const entriesAt = headsAt + 4096 * 2;
const entryBytes = 64;
const wordAt = 8;
const most = 2048;
/** Room for a plan, and the place of the number that tells where to go on. */
export const planBytes = entriesAt + most * entryBytes;
export const resumeOffset = 96;

const fragmentLength = 3;
export const shortestKeyword = fragmentLength;
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

/** The three bytes of a word that are rarest in memory. */
function rarestFragment(word: Uint8Array): number {
  let best = { offset: 0, share: Number.POSITIVE_INFINITY };
  for (let offset = 0; offset + fragmentLength <= word.length; offset++) {
    let product = 1;
    for (let at = offset; at < offset + fragmentLength; at++) {
      product *= shareOf(word[at] as number);
    }
    if (product < best.share) best = { offset, share: product };
  }
  return best.offset;
}

const shares = Float64Array.from({ length: 256 }, (_, byte) => {
  const set = new Uint8Array(256);
  set[byte] = 1;
  return share(set);
});

function shareOf(byte: number): number {
  return bothCases(byte).reduce((sum, each) => sum + (shares[each] as number), 0);
}

function bothCases(byte: number): number[] {
  return byte >= 0x61 && byte <= 0x7a ? [byte, byte - 0x20] : [byte];
}

/** Nibbles of a bucket: at each place the low and the high ones that occur, 16 bits each. */
class Bucket {
  readonly low = [0, 0, 0];
  readonly high = [0, 0, 0];
  load = 0;

  /** Share of places that pass, with a fragment more. */
  with(fragment: Uint8Array): number {
    let product = 1;
    for (const [place, byte] of fragment.entries()) {
      const [low, high] = this.#nibbles(place, byte);
      let sum = 0;
      for (let each = 0; each < 256; each++) {
        if ((low >> (each & 15)) & (high >> (each >> 4)) & 1) sum += shares[each] as number;
      }
      product *= sum;
    }
    return product;
  }

  add(fragment: Uint8Array): void {
    this.load = this.with(fragment);
    for (const [place, byte] of fragment.entries()) {
      [this.low[place], this.high[place]] = this.#nibbles(place, byte);
    }
  }

  #nibbles(place: number, byte: number): [number, number] {
    let low = this.low[place] as number;
    let high = this.high[place] as number;
    for (const each of bothCases(byte)) {
      low |= 1 << (each & 15);
      high |= 1 << (each >> 4);
    }
    return [low, high];
  }
}

/** Each fragment goes where it lets the fewest others through. */
function writeTables(bytes: Uint8Array, fragments: readonly Uint8Array[]): void {
  const buckets = Array.from({ length: bucketCount }, () => new Bucket());
  const each = new Map(fragments.map((one) => [Buffer.from(one).toString("latin1"), one]));
  for (const fragment of each.values()) {
    const costs = buckets.map((bucket) => bucket.with(fragment) - bucket.load);
    buckets[costs.indexOf(Math.min(...costs))]?.add(fragment);
  }
  for (const [number, { low, high }] of buckets.entries()) {
    for (let place = 0; place < fragmentLength; place++) {
      for (let nibble = 0; nibble < 16; nibble++) {
        const at = place * 32 + nibble;
        if (((low[place] as number) >> nibble) & 1)
          bytes[at] = (bytes[at] as number) | (1 << number);
        if (((high[place] as number) >> nibble) & 1) {
          bytes[at + 16] = (bytes[at + 16] as number) | (1 << number);
        }
      }
    }
  }
}

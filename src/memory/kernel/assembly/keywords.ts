// AssemblyScript, a part of kernel.ts. Many words at once: three bytes of each, its fragment, are
// looked for by nibble tables (as in Hyperscan's Teddy), in eight buckets of words, 16 places at a
// time; what is left is looked up by a hash of the fragment, and compared.

// The plan, which keyword-plan.ts writes. Offsets in bytes.
// @ts-ignore: decorator
@inline const RESUME: usize = 128; // u32: where to go on; the end where all was looked at
// @ts-ignore: decorator
@inline const HEADS: usize = 192; // 4096 × u16: number of the first entry with that hash, 0 for none
// @ts-ignore: decorator
@inline const ENTRIES: usize = 192 + 8192; // 64 bytes each, numbered from 1
// @ts-ignore: decorator
@inline const NEXT: usize = 0; // u16
// @ts-ignore: decorator
@inline const LENGTH: usize = 2; // u8
// @ts-ignore: decorator
@inline const OFFSET: usize = 3; // u8: of the fragment in the word
// @ts-ignore: decorator
@inline const WORD: usize = 8; // in lower case

/**
 * Words of the plan that begin in [at, end) and end before `end`, in upper or lower case, written
 * to `out` as pairs of u32: where the word begins, and the number of its entry. Ascending by the
 * place of the fragment. Stops where there may not be room for all words of a place: the plan then
 * says where to go on.
 * @param most words of one place
 */
export function keywords(
  plan: usize,
  at: usize,
  end: usize,
  first: usize,
  out: usize,
  capacity: i32,
  most: i32,
): i32 {
  const low0 = v128.load(plan);
  const high0 = v128.load(plan, 16);
  const low1 = v128.load(plan, 32);
  const high1 = v128.load(plan, 48);
  const low2 = v128.load(plan, 64);
  const high2 = v128.load(plan, 80);
  const low3 = v128.load(plan, 96);
  const high3 = v128.load(plan, 112);
  const none = i8x16.splat(0);
  const room = capacity - most;
  let count = 0;
  for (; at < end; at += 16) {
    const a = v128.load(at);
    if (!v128.any_true(a)) continue;
    const b = v128.load(at, 1);
    const c = v128.load(at, 2);
    const d = v128.load(at, 3);
    const buckets = v128.and(
      v128.and(passing(a, low0, high0), passing(b, low1, high1)),
      v128.and(passing(c, low2, high2), passing(d, low3, high3)),
    );
    if (!v128.any_true(buckets)) continue;
    let mask = ~(<u32>i8x16.bitmask(i8x16.eq(buckets, none))) & 0xffff;
    for (; mask != 0; mask &= mask - 1) {
      const place = at + <usize>ctz(mask);
      const head = <u32>load<u16>(plan + HEADS + (<usize>hash(place) << 1));
      if (head == 0) continue;
      if (count > room) {
        store<u32>(plan + RESUME, <u32>place);
        return count;
      }
      count = compare(plan, head, place, first, end, out, count);
    }
  }
  store<u32>(plan + RESUME, <u32>end);
  return count;
}

/** Of each byte the buckets that may have it here. */
// @ts-ignore: decorator
@inline function passing(bytes: v128, low: v128, high: v128): v128 {
  return v128.and(
    i8x16.swizzle(low, v128.and(bytes, i8x16.splat(0x0f))),
    i8x16.swizzle(high, i8x16.shr_u(bytes, 4)),
  );
}

/** Of three bytes whose case does not count; 12 bits. */
// @ts-ignore: decorator
@inline function hash(place: usize): u32 {
  const folded = (load<u32>(place) | 0x00202020) & 0x00ffffff;
  return (folded * 0x9e3779b1) >> 20;
}

function compare(
  plan: usize,
  head: u32,
  place: usize,
  first: usize,
  end: usize,
  out: usize,
  found: i32,
): i32 {
  let count = found;
  for (let number = head; number != 0; ) {
    const entry = plan + ENTRIES + (<usize>(number - 1) << 6);
    const offset = <usize>load<u8>(entry, OFFSET);
    const length = <usize>load<u8>(entry, LENGTH);
    const start = place - offset;
    // Addresses are unsigned: one before the window would be behind everything.
    const inside = place >= first + offset && start + length <= end;
    if (inside && same(entry + WORD, start, length)) {
      store<u32>(out + (<usize>count << 3), <u32>start);
      store<u32>(out + (<usize>count << 3), number - 1, 4);
      count++;
    }
    number = <u32>load<u16>(entry, NEXT);
  }
  return count;
}

function same(word: usize, at: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++) {
    let byte = <u32>load<u8>(at + index);
    if (byte - 0x41 < 26) byte |= 0x20;
    if (byte != <u32>load<u8>(word + index)) return false;
  }
  return true;
}

/**
 * Runs of at least eight characters of printable ASCII in UTF-16 (little endian) that touch
 * [at, end), as pairs of u32: start and end. A run may begin as early as `first`, and ends at `end`
 * at the latest. With `capacity` of them it stops.
 */
export function wide(at: usize, end: usize, first: usize, out: usize, capacity: i32): i32 {
  let count = 0;
  let done = first;
  for (; at < end; at += 64) {
    const left = end - at;
    const zero = zeros(at);
    // A run of eight has four in one block: each is a character and a zero behind it.
    if (zero == 0 || ~zero == 0) continue;
    let places = printable(at) & (zero >> 1);
    if (left < 64) places &= (<u64>1 << left) - 1;
    places &= places >> 2;
    places &= places >> 4;
    for (; places != 0; places &= places - 1) {
      let start = at + <usize>ctz(places);
      if (start < done) continue;
      let stop = start;
      while (stop + 2 <= end && isWide(stop)) stop += 2;
      while (start >= done + 2 && isWide(start - 2)) start -= 2;
      done = stop;
      if (stop - start < 16) continue;
      store<u32>(out + (<usize>count << 3), <u32>start);
      store<u32>(out + (<usize>count << 3), <u32>stop, 4);
      count++;
      if (count == capacity) return count;
    }
  }
  return count;
}

// @ts-ignore: decorator
@inline function isWide(at: usize): bool {
  const pair = <u32>load<u16>(at);
  return pair - 0x20 < 0x5f || (pair >= 9 && pair <= 13);
}

// @ts-ignore: decorator
@inline function zeros(at: usize): u64 {
  const none = i8x16.splat(0);
  return masks(
    i8x16.eq(v128.load(at), none),
    i8x16.eq(v128.load(at, 16), none),
    i8x16.eq(v128.load(at, 32), none),
    i8x16.eq(v128.load(at, 48), none),
  );
}

// @ts-ignore: decorator
@inline function printable(at: usize): u64 {
  const space = i8x16.splat(0x20);
  const width = i8x16.splat(0x5f);
  return masks(
    i8x16.lt_u(i8x16.sub(v128.load(at), space), width),
    i8x16.lt_u(i8x16.sub(v128.load(at, 16), space), width),
    i8x16.lt_u(i8x16.sub(v128.load(at, 32), space), width),
    i8x16.lt_u(i8x16.sub(v128.load(at, 48), space), width),
  );
}

// @ts-ignore: decorator
@inline function masks(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u64>i8x16.bitmask(a) | ((<u64>i8x16.bitmask(b)) << 16);
  return low | ((<u64>i8x16.bitmask(c)) << 32) | ((<u64>i8x16.bitmask(d)) << 48);
}

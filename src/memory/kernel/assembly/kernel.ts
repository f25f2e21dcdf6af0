// AssemblyScript, not TypeScript: compiled to WebAssembly by `npm run kernel`, which writes
// ../kernel-bytes.ts. Works 64 or 16 bytes at a time (SIMD). Memory belongs to the caller; at least
// 64 bytes behind `end` must be readable.

/**
 * First position in [at, end) with byte `a` there and byte `b` at `gap` behind it; `end` if none.
 */
export function find(at: usize, end: usize, a: i32, b: i32, gap: usize): usize {
  const x = i8x16.splat(<i8>a);
  const y = i8x16.splat(<i8>b);
  while (at < end) {
    const m0 = v128.and(i8x16.eq(v128.load(at), x), i8x16.eq(v128.load(at + gap), y));
    const m1 = v128.and(i8x16.eq(v128.load(at, 16), x), i8x16.eq(v128.load(at + gap, 16), y));
    const m2 = v128.and(i8x16.eq(v128.load(at, 32), x), i8x16.eq(v128.load(at + gap, 32), y));
    const m3 = v128.and(i8x16.eq(v128.load(at, 48), x), i8x16.eq(v128.load(at + gap, 48), y));
    if (v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) {
      const low = <u64>i8x16.bitmask(m0) | ((<u64>i8x16.bitmask(m1)) << 16);
      const high = ((<u64>i8x16.bitmask(m2)) << 32) | ((<u64>i8x16.bitmask(m3)) << 48);
      const found = at + <usize>ctz(low | high);
      return found < end ? found : end;
    }
    at += 64;
  }
  return end;
}

/**
 * Runs of at least `least` printable ASCII characters (space to tilde, and tab) in [at, end),
 * written to `out` as pairs of u32: start and end. A run that reaches `end` is written whatever
 * its length, because it may go on. Returns the number of pairs; with `capacity` pairs it stops.
 */
export function runs(at: usize, end: usize, least: usize, out: usize, capacity: i32): i32 {
  const space = i8x16.splat(0x20);
  const width = i8x16.splat(0x5f);
  const tab = i8x16.splat(9);
  let count = 0;
  let start: usize = 0;
  let inside = false;
  while (at < end) {
    const block = v128.load(at);
    const printable = v128.or(i8x16.lt_u(i8x16.sub(block, space), width), i8x16.eq(block, tab));
    let mask = <u32>i8x16.bitmask(printable);
    const left = end - at;
    if (left < 16) mask &= (1 << (<u32>left)) - 1;
    if (inside ? mask == 0xffff : mask == 0) {
      at += 16;
      continue;
    }
    // Each step flips between inside and outside: ones that are wanted are zeros of the other.
    let position: u32 = 0;
    while (position < 16) {
      const rest = (inside ? ~mask & 0xffff : mask) >> position;
      if (rest == 0) break;
      position += ctz(rest);
      if (!inside) {
        start = at + position;
        inside = true;
      } else {
        inside = false;
        if (at + position - start >= least || at + position >= end) {
          store<u32>(out + ((<usize>count) << 3), <u32>start);
          store<u32>(out + ((<usize>count) << 3), <u32>(at + position), 4);
          count++;
          if (count == capacity) return count;
        }
      }
    }
    at += 16;
  }
  if (inside) {
    store<u32>(out + ((<usize>count) << 3), <u32>start);
    store<u32>(out + ((<usize>count) << 3), <u32>end, 4);
    count++;
  }
  return count;
}

export { keywords, wide } from "./keywords";
export { lines } from "./lines";
export { sift } from "./sift";

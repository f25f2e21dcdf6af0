// AssemblyScript, a part of kernel.ts.

/**
 * Where a stretch of bytes occurs that may stand there in up to eight ways. `table` has 256 bytes
 * for each of its `length` places: the bits of the ways in which a byte may stand at the place.
 * Only where the byte at place `first` and the one `gap` behind it pass a test of their own,
 * `(byte & mask) == value`, the table is asked.
 *
 * @param at of place `first`, as is `end`
 * @param tests mask and value of the one, mask and value of the other, from the highest byte down
 * @returns how many beginnings were written to `out` (u32 each, ascending); with `capacity` of
 *   them it stops
 */
export function sift(
  at: usize,
  end: usize,
  tests: u32,
  first: usize,
  gap: usize,
  table: usize,
  length: usize,
  out: usize,
  capacity: i32,
): i32 {
  const am = i8x16.splat(<i8>(tests >> 24));
  const av = i8x16.splat(<i8>(tests >> 16));
  const bm = i8x16.splat(<i8>(tests >> 8));
  const bv = i8x16.splat(<i8>tests);
  let count = 0;
  for (; at < end; at += 32) {
    const x0 = i8x16.eq(v128.and(v128.load(at), am), av);
    const x1 = i8x16.eq(v128.and(v128.load(at, 16), am), av);
    const y0 = i8x16.eq(v128.and(v128.load(at + gap), bm), bv);
    const y1 = i8x16.eq(v128.and(v128.load(at + gap, 16), bm), bv);
    const m0 = v128.and(x0, y0);
    const m1 = v128.and(x1, y1);
    if (!v128.any_true(v128.or(m0, m1))) continue;
    let mask = <u32>i8x16.bitmask(m0) | (<u32>i8x16.bitmask(m1) << 16);
    for (; mask != 0; mask &= mask - 1) {
      const place = at + <usize>ctz(mask);
      if (place >= end) return count;
      const start = place - first;
      let ways: u32 = 0xff;
      for (let index: usize = 0; index < length && ways != 0; index++) {
        ways &= <u32>load<u8>(table + (index << 8) + <usize>load<u8>(start + index));
      }
      if (ways == 0) continue;
      store<u32>(out + ((<usize>count) << 2), <u32>start);
      count++;
      if (count == capacity) return count;
    }
  }
  return count;
}

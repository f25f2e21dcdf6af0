// Texts of a window as lines of output: found, checked for what may be a secret, and copied with
// their address, without JavaScript seeing one of them. Found 64 bytes at a time, copied 16.

// The plan, in memory of the caller's; text-printer.ts writes it and reads it. Offsets in bytes.
// @ts-ignore: decorator
@inline const OUT: usize = 0; // where the next line goes
// @ts-ignore: decorator
@inline const OUT_END: usize = 4;
// @ts-ignore: decorator
@inline const LEFT: usize = 8; // lines that are still wanted
// @ts-ignore: decorator
@inline const START: usize = 12; // the text that ended a call
// @ts-ignore: decorator
@inline const END: usize = 16;
// @ts-ignore: decorator
@inline const PREFIX_LENGTH: usize = 20;
// @ts-ignore: decorator
@inline const ADDRESSED: usize = 24;
// @ts-ignore: decorator
@inline const GUARDED: usize = 28;
// @ts-ignore: decorator
@inline const BASE: usize = 32; // u64: address of offset 0
// @ts-ignore: decorator
@inline const PREFIX: usize = 48; // 32 bytes
// @ts-ignore: decorator
@inline const TABLES: usize = 80; // 4 characters × (low, high nibble) × 16 bytes: buckets
// @ts-ignore: decorator
@inline const BUCKETS: usize = 208; // 8 × u32: offsets of lists in the plan

// Why a call ended.
// @ts-ignore: decorator
@inline const DONE: u32 = 0;
// @ts-ignore: decorator
@inline const FULL: u32 = 1; // no room for the text
// @ts-ignore: decorator
@inline const SUSPECT: u32 = 2; // the text may hold a secret
// @ts-ignore: decorator
@inline const ENOUGH: u32 = 3;

/** A longer text is told in pieces. */
// @ts-ignore: decorator
@inline const LONGEST: usize = 64 * 1024;

/**
 * Writes a line for each text of at least `least` printable ASCII characters in [at, end) that
 * begins before `safe`. Ends early where it cannot go on alone. Returns why; START and END of the
 * plan are then those of the text in question, otherwise START is where to go on.
 */
export function lines(plan: usize, at: usize, end: usize, safe: usize, least: u32): u32 {
  let start: usize = 0;
  let inside = false;
  while (at < end) {
    if (!inside && at >= safe) break;
    let mask = printable(at);
    const left = end - at;
    if (left < 64) mask &= (<u64>1 << left) - 1;
    if (inside) {
      const length = <u32>ctz(~mask);
      if (length == 64) {
        at += 64;
        continue;
      }
      inside = false;
      const stop = at + length;
      if (stop - start >= least) {
        const why = text(plan, start, stop, safe, least);
        if (why != DONE) return why;
      }
      mask &= ~(<u64>0) << length;
    }
    const trailing = <u32>clz(~mask);
    if (trailing > 0) {
      inside = true;
      start = at + 64 - trailing;
      mask = trailing == 64 ? 0 : mask & (~(<u64>0) >> trailing);
    }
    let starts = startsOf(mask, least);
    while (starts != 0) {
      const from = <u32>ctz(starts);
      const length = <u32>ctz(~(mask >> from));
      const why = text(plan, at + from, at + from + length, safe, least);
      if (why != DONE) return why;
      // A run inside the block is shorter than 64.
      starts &= ~(((<u64>1 << length) - 1) << from);
    }
    at += 64;
  }
  if (inside && end - start >= least) {
    const why = text(plan, start, end, safe, least);
    if (why != DONE) return why;
  }
  return DONE;
}

/** Ones where a character is printable: space to tilde, and tab. */
// @ts-ignore: decorator
@inline
function printable(at: usize): u64 {
  const low = <u64>printable16(at) | (<u64>printable16(at + 16) << 16);
  return low | (<u64>printable16(at + 32) << 32) | (<u64>printable16(at + 48) << 48);
}

// @ts-ignore: decorator
@inline
function printable16(at: usize): u32 {
  const block = v128.load(at);
  const plain = i8x16.lt_u(i8x16.sub(block, i8x16.splat(0x20)), i8x16.splat(0x5f));
  return <u32>i8x16.bitmask(v128.or(plain, i8x16.eq(block, i8x16.splat(9))));
}

/** Keeps ones with at least `least` - 1 ones above them: places where a run still has that much. */
// @ts-ignore: decorator
@inline
function startsOf(mask: u64, least: u32): u64 {
  if (least >= 64) return 0;
  let have: u32 = 1;
  while (mask != 0 && have < least) {
    const more = min(have, least - have);
    mask &= mask >> more;
    have += more;
  }
  return mask;
}

/** Writes the lines of a run: one, or one for each piece of a long one. */
function text(plan: usize, start: usize, stop: usize, safe: usize, least: u32): u32 {
  let begin = start;
  while (stop - begin >= least) {
    if (begin >= safe) return DONE;
    const end = min(stop, begin + LONGEST);
    store<u32>(plan + START, <u32>begin);
    store<u32>(plan + END, <u32>end);
    if (load<u32>(plan + LEFT) == 0) return ENOUGH;
    const out = <usize>load<u32>(plan + OUT);
    // Tabs take two bytes; before the text there are at most 32, an address and two blanks, and
    // 64 are copied at a time.
    if (out + 2 * (end - begin) + 128 > <usize>load<u32>(plan + OUT_END)) return FULL;
    const to = line(plan, out, begin, end);
    if (to == 0) return SUSPECT;
    store<u32>(plan + OUT, <u32>to);
    store<u32>(plan + LEFT, load<u32>(plan + LEFT) - 1);
    begin = end;
    store<u32>(plan + START, <u32>begin);
  }
  return DONE;
}

/** Returns where the line ends; 0 where the text may hold a secret. */
// @ts-ignore: decorator
@inline
function line(plan: usize, out: usize, start: usize, end: usize): usize {
  if (load<u32>(plan + GUARDED) != 0 && suspicious(plan, start, end)) return 0;
  let to = prefix(plan, out, start);
  // Blocks of 64 whatever the length: most texts are shorter, and a loop would be guessed wrongly.
  for (let at = start; at < end; at += 64) {
    const length = min(end - at, 64);
    to = copy(to, at) ? escaped(to, at, length) : to + length;
  }
  store<u8>(to, 10);
  return to + 1;
}

/** Copies 64 bytes. Is there a tab among them? */
// @ts-ignore: decorator
@inline
function copy(to: usize, at: usize): bool {
  const tab = i8x16.splat(9);
  const a = v128.load(at);
  const b = v128.load(at, 16);
  const c = v128.load(at, 32);
  const d = v128.load(at, 48);
  v128.store(to, a);
  v128.store(to, b, 16);
  v128.store(to, c, 32);
  v128.store(to, d, 48);
  const low = v128.or(i8x16.eq(a, tab), i8x16.eq(b, tab));
  return v128.any_true(v128.or(low, v128.or(i8x16.eq(c, tab), i8x16.eq(d, tab))));
}

/** What stands before a text. */
// @ts-ignore: decorator
@inline
function prefix(plan: usize, out: usize, start: usize): usize {
  const length = <usize>load<u32>(plan + PREFIX_LENGTH);
  if (length != 0) {
    v128.store(out, v128.load(plan + PREFIX));
    v128.store(out, v128.load(plan + PREFIX, 16), 16);
  }
  const to = out + length;
  if (load<u32>(plan + ADDRESSED) == 0) return to;
  return address(to, load<u64>(plan + BASE) + <u64>start);
}

/** The address in hexadecimal digits and two blanks. */
// @ts-ignore: decorator
@inline
function address(to: usize, value: u64): usize {
  const digits = 16 - (<u32>clz(value | 1) >> 2);
  const bytes = i64x2.splat(bswap(value << (<u64>(16 - digits) << 2)));
  const low = v128.and(bytes, i8x16.splat(15));
  const high = v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15));
  const nibbles = v128.shuffle<u8>(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  // "0123456789abcdef"
  const names = i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102);
  v128.store(to, v128.swizzle(names, nibbles));
  store<u16>(to + digits, 0x2020);
  return to + digits + 2;
}

/** Copies with each tab as a backslash and a t. */
function escaped(to: usize, at: usize, length: usize): usize {
  for (const end = at + length; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 9) {
      store<u16>(to, 0x745c);
      to += 2;
    } else {
      store<u8>(to, byte);
      to += 1;
    }
  }
  return to;
}

/**
 * Does a word begin in the text that may announce a secret? Characters are looked up by both halves
 * in tables of buckets (as Teddy of Hyperscan does); what four of them agree on is compared.
 */
function suspicious(plan: usize, start: usize, end: usize): bool {
  for (let at = start; at < end; at += 32) {
    const a = bucketsAt(plan, at);
    const b = bucketsAt(plan, at + 16);
    if (!v128.any_true(v128.or(a, b))) continue;
    if (confirmed(plan, a, at, start, end)) return true;
    if (at + 16 < end && confirmed(plan, b, at + 16, start, end)) return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function bucketsAt(plan: usize, at: usize): v128 {
  return v128.and(
    v128.and(looked(plan, 0, v128.load(at)), looked(plan, 32, v128.load(at, 1))),
    v128.and(looked(plan, 64, v128.load(at, 2)), looked(plan, 96, v128.load(at, 3))),
  );
}

// @ts-ignore: decorator
@inline
function looked(plan: usize, table: usize, block: v128): v128 {
  const low = v128.and(block, i8x16.splat(15));
  const high = v128.and(i16x8.shr_u(block, 4), i8x16.splat(15));
  return v128.and(
    v128.swizzle(v128.load(plan + table, TABLES), low),
    v128.swizzle(v128.load(plan + table, TABLES + 16), high),
  );
}

function confirmed(plan: usize, buckets: v128, at: usize, start: usize, end: usize): bool {
  let places = <u32>i8x16.bitmask(i8x16.ne(buckets, i8x16.splat(0)));
  // The block may reach behind the text.
  if (end - at < 16) places &= (<u32>1 << <u32>(end - at)) - 1;
  for (; places != 0; places &= places - 1) {
    const place = at + ctz(places);
    v128.store(plan + SCRATCH, buckets);
    let bits = <u32>load<u8>(plan + SCRATCH + (place - at));
    for (; bits != 0; bits &= bits - 1) {
      const list = plan + <usize>load<u32>(plan + BUCKETS + (ctz(bits) << 2));
      if (inList(list, place, start, end)) return true;
    }
  }
  return false;
}

// @ts-ignore: decorator
@inline const SCRATCH: usize = 240; // 16 bytes

// A word: length, what is before it, what is behind it (u8 each), 13 bytes of nothing, 16 of text.
// A list of words ends with a length of 0.
// @ts-ignore: decorator
@inline const WORD: usize = 32;

function inList(list: usize, at: usize, start: usize, end: usize): bool {
  for (let word = list; load<u8>(word) != 0; word += WORD) {
    const length = <usize>load<u8>(word);
    if (at + length > end) continue;
    const same = i8x16.eq(v128.or(v128.load(at), i8x16.splat(0x20)), v128.load(word, 16));
    const wanted = (<u32>1 << <u32>length) - 1;
    if ((<u32>i8x16.bitmask(same) & wanted) != wanted) continue;
    if (!before(load<u8>(word, 1), at, start)) continue;
    if (behind(load<u8>(word, 2), at + length, start, end)) return true;
  }
  return false;
}

// The rules, as base/secret-words.ts has them.
// @ts-ignore: decorator
@inline const ANYTHING: u8 = 0;
// @ts-ignore: decorator
@inline const EDGE: u8 = 1; // no letter or digit
// @ts-ignore: decorator
@inline const JOINT: u8 = 2; // - _ or .
// @ts-ignore: decorator
@inline const NAME_END: u8 = 3;
// @ts-ignore: decorator
@inline const BLANK: u8 = 4;

// @ts-ignore: decorator
@inline
function before(rule: u8, at: usize, start: usize): bool {
  if (rule == ANYTHING) return true;
  if (at == start) return rule == EDGE;
  const byte = load<u8>(at - 1);
  return rule == EDGE ? !isAlphanumeric(byte) : byte == 0x2d || byte == 0x5f || byte == 0x2e;
}

// @ts-ignore: decorator
@inline
function behind(rule: u8, at: usize, start: usize, end: usize): bool {
  if (rule == ANYTHING) return true;
  if (rule == BLANK) return at < end && isBlank(load<u8>(at));
  if (rule == NAME_END) {
    const plural = at < end && (load<u8>(at) | 0x20) == 0x73;
    return nameEnds(at, start, end) || (plural && nameEnds(at + 1, start, end));
  }
  return hasPassword(at, end);
}

/** Is this where the name of a value ends? `=`, `: `, a quote and a sign, a blank after --flag. */
function nameEnds(at: usize, start: usize, end: usize): bool {
  if (at >= end) return false;
  const byte = load<u8>(at);
  if (byte == 0x3d) return true;
  if (byte == 0x3a) return at + 1 < end && isBlank(load<u8>(at + 1));
  if (isBlank(byte)) return isFlag(at, start);
  return closes(at, end);
}

/** Does the word that ends here begin with a hyphen? */
function isFlag(at: usize, start: usize): bool {
  while (at > start) {
    const byte = load<u8>(at - 1);
    if (!isAlphanumeric(byte) && byte != 0x5f && byte != 0x2d) break;
    at--;
  }
  return load<u8>(at) == 0x2d;
}

/** Backslashes, a quote, and behind blanks one of `:`, `=` and `,`. */
function closes(at: usize, end: usize): bool {
  while (at < end && load<u8>(at) == 0x5c) at++;
  if (at >= end) return false;
  const quote = load<u8>(at);
  if (quote != 0x22 && quote != 0x27) return false;
  at++;
  while (at < end && isBlank(load<u8>(at))) at++;
  if (at >= end) return false;
  const sign = load<u8>(at);
  return sign == 0x3a || sign == 0x3d || sign == 0x2c;
}

/** Behind `://`: a user, a colon, something, and `@`. */
function hasPassword(at: usize, end: usize): bool {
  while (at < end && !endsUser(load<u8>(at))) at++;
  if (at >= end || load<u8>(at) != 0x3a) return false;
  for (at++; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 0x40) return true;
    if (endsPassword(byte)) return false;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function endsUser(byte: u8): bool {
  return endsPassword(byte) || byte == 0x3a || byte == 0x40;
}

// @ts-ignore: decorator
@inline
function endsPassword(byte: u8): bool {
  return isBlank(byte) || byte == 0x2f || byte == 0x22 || byte == 0x27;
}

// @ts-ignore: decorator
@inline
function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 9;
}

// @ts-ignore: decorator
@inline
function isAlphanumeric(byte: u8): bool {
  return <u8>((byte | 0x20) - 0x61) < 26 || <u8>(byte - 0x30) < 10;
}

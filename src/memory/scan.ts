import type { ByteSource } from "../base/byte-source.ts";
import type { Matcher } from "./matcher.ts";

/** Something found in a run of bytes. */
export interface Found {
  /** Offset from the start of the run. */
  offset: number;
  length: number;
  bytes: Uint8Array;
}

/** Bytes that are read at a time. */
export const windowBytes = 1024 * 1024;

/**
 * Runs a matcher over bytes [offset, offset + length) of a source in constant memory. Matches
 * that lie across windows are found exactly once: whatever could still grow at the end of a
 * window is left to the next one, which begins early enough to see it whole.
 */
export async function* scan(
  source: ByteSource,
  offset: number,
  length: number,
  matcher: Matcher,
  step = windowBytes,
): AsyncGenerator<Found> {
  /** Where the next window's new matches may begin, and where the window itself begins. */
  let from = 0;
  let begin = 0;
  let end = 0;
  while (end < length) {
    end = Math.min(length, Math.max(end + step, from + matcher.longest + 1));
    const window = await source.read(offset + begin, end - begin);
    const final = end === length;
    // A match that begins behind this point could be longer than what the window shows.
    const safe = final ? window.length : window.length - matcher.longest;
    let next = Math.max(from - begin, safe);
    for (const { start, end: stop } of matcher.matches(window, from - begin)) {
      if (!final && start >= safe) {
        next = start;
        break;
      }
      yield { offset: begin + start, length: stop - start, bytes: window.slice(start, stop) };
      next = Math.max(next, stop);
    }
    from = begin + next;
    begin = Math.max(0, from - matcher.lookBack);
  }
}

import { concat } from "../base/bytes.ts";
import { Kernel } from "./kernel/kernel.ts";
import type { Matcher } from "./matcher.ts";

/** Something found in a stream. */
export interface StreamFound {
  /** Offset from the start of the stream. */
  offset: number;
  bytes: Uint8Array;
  /** Up to `context` bytes around it, as far as they were at hand. */
  before: Uint8Array;
  after: Uint8Array;
}

/** Bytes that are gathered before they are looked at. */
const leastBytes = 256 * 1024;

/**
 * Runs a matcher over a stream, which may come out of a decompressor and so can be read only in
 * order. What could grow beyond the bytes at hand waits for more, so each match is found once.
 */
export async function* scanStream(
  input: AsyncIterable<Uint8Array>,
  matcher: Matcher,
  context = 0,
  least = leastBytes,
): AsyncGenerator<StreamFound[]> {
  const keep = matcher.longest + matcher.lookBack + context;
  let kernel = new Kernel(least + keep);
  let held: Uint8Array = new Uint8Array(0);
  let start = 0;
  let from = 0;
  for await (const { bytes: chunk, last } of gathered(input, least)) {
    const window = concat([held, chunk]);
    if (window.length > kernel.window.length) kernel = new Kernel(window.length);
    const end = start + window.length;
    const safe = last ? end : end - matcher.longest - context;
    const found: StreamFound[] = [];
    for (const match of matcher.matches(window, Math.max(0, from - start), kernel)) {
      if (match.start + start >= safe) break;
      found.push({
        offset: start + match.start,
        bytes: window.slice(match.start, match.end),
        before: window.slice(Math.max(0, match.start - context), match.start),
        after: window.slice(match.end, match.end + context),
      });
      from = start + match.end;
    }
    from = Math.max(from, safe);
    if (found.length > 0) yield found;
    const first = Math.max(0, from - start - matcher.lookBack - context);
    held = window.subarray(first);
    start += first;
  }
}

/** Joins small chunks, and tells which is the last. */
async function* gathered(
  input: AsyncIterable<Uint8Array>,
  least: number,
): AsyncGenerator<{ bytes: Uint8Array; last: boolean }> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input) {
    if (length >= least) {
      yield { bytes: concat(held), last: false };
      held = [];
      length = 0;
    }
    // A decompressor may reuse what it handed out.
    held.push(chunk.slice());
    length += chunk.length;
  }
  yield { bytes: concat(held), last: true };
}

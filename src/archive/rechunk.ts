import { concat } from "../base/bytes.ts";

/** A pipe may deliver a few bytes at a time; the parser and `DueBlocks` want chunks of some size. */
export async function* rechunk(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const least = 64 * 1024;
  let held: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of input) {
      held.push(chunk);
      length += chunk.length;
      if (length < least) continue;
      yield concat(held);
      held = [];
      length = 0;
    }
  } catch (error) {
    // What came before the damage still counts.
    if (length > 0) yield concat(held);
    throw error;
  }
  if (length > 0) yield concat(held);
}

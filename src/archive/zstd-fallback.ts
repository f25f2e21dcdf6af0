import type { Decompress } from "fzstd";

/** zstd in JavaScript, for Node releases whose zlib has none. Slower; no checksum is verified. */
export async function* decompressFrames(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  const ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => {
    if (chunk.length > 0) ready.push(chunk);
  });
  try {
    for await (const chunk of input) {
      // The decoder keeps what it is given; the chunk may be a buffer that its owner reuses.
      feed(decoder, Uint8Array.from(chunk), false);
      yield* ready.splice(0);
    }
    feed(decoder, new Uint8Array(0), true);
  } catch (error) {
    // Blocks before the damage are sound.
    yield* ready.splice(0);
    throw error;
  }
  yield* ready.splice(0);
}

function feed(decoder: Decompress, chunk: Uint8Array, final: boolean): void {
  try {
    decoder.push(chunk, final);
  } catch (error) {
    // Marked so that the caller can tell damaged data from a fault of ours.
    const reason = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(reason), { code: "ZSTD_damaged" });
  }
}

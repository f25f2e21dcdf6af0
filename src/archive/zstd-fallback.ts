import type { ZSTDDecoder } from "zstddec/stream";

/** zstd in WebAssembly, for Node releases whose zlib has none. */
export async function* decompressFrames(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { ZSTDDecoder } = await import("zstddec/stream");
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const steps = new Steps(decoder);
  try {
    try {
      for await (const chunk of input) {
        steps.push(chunk);
        while (steps.ready()) yield* steps.next();
      }
    } catch (error) {
      // What came before the failure is sound.
      while (steps.waiting()) yield* steps.next();
      throw error;
    }
    while (!steps.done) yield* steps.next();
  } finally {
    steps.close();
  }
}

/**
 * The decoder pulls from a plain iterable, which cannot wait. Of each chunk it makes at least one
 * step, so as long as one more chunk than it works on is here, it never asks for one that is not.
 */
class Steps {
  done = false;
  readonly #chunks: Uint8Array[] = [];
  readonly #output: Iterator<Uint8Array>;
  /** Steps that gave nothing, and how many of them the chunk at work may have. */
  #idle = 0;
  #patience = 0;

  constructor(decoder: ZSTDDecoder) {
    this.#output = decoder.decodeStreaming({ [Symbol.iterator]: () => this.#take() });
  }

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
  }

  ready(): boolean {
    return this.#chunks.length > 1;
  }

  waiting(): boolean {
    return this.#chunks.length > 0;
  }

  *next(): Generator<Uint8Array> {
    const step = this.#step();
    this.done = step.done === true;
    if (this.done) return;
    const bytes = step.value as Uint8Array;
    if (bytes.length > 0) yield bytes;
    // The decoder stands still at damage and says nothing. An empty frame takes six bytes at least.
    this.#idle = bytes.length > 0 ? 0 : this.#idle + 1;
    if (this.#idle > this.#patience) throw failure("a frame cannot be decoded", "ZSTD_damaged");
  }

  /** Lets the decoder come to its end, where it gives its memory back. */
  close(): void {
    this.#chunks.length = 0;
    try {
      // A small chunk may hold gigabytes of zeros; then the memory is left to the process's end.
      for (let left = 64; left > 0 && !this.done; left -= 1) {
        this.done = this.#output.next().done === true;
      }
    } catch {
      // It says that the stream is not whole, after giving its memory back.
    }
  }

  #step(): IteratorResult<Uint8Array> {
    try {
      return this.#output.next();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.done = true;
      throw failure(/incomplete/i.test(message) ? "unexpected end" : message, "ZSTD_incomplete");
    }
  }

  *#take(): Generator<Uint8Array> {
    for (let chunk = this.#chunks.shift(); chunk !== undefined; chunk = this.#chunks.shift()) {
      this.#idle = 0;
      this.#patience = chunk.length / 6 + 2;
      yield chunk;
    }
  }
}

/** Marked so that the caller can tell damaged data from a fault of ours. */
function failure(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

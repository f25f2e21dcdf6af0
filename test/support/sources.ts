import type { ByteSource } from "../../src/base/byte-source.ts";
import { concat } from "../../src/base/bytes.ts";

/** Counts what is read through it. */
export class CountingSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  bytes = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const read = await this.#source.read(offset, length);
    this.bytes += read.length;
    return read;
  }

  async *stream(offset?: number, length?: number): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#source.stream(offset, length)) {
      this.bytes += chunk.length;
      yield chunk;
    }
  }
}

/** The bytes in chunks of the given lengths, over and over. */
export async function* inChunks(
  bytes: Uint8Array,
  lengths: readonly number[],
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] as number;
    // A copy, as a pipe would give it: whoever keeps a view keeps nothing else alive.
    yield bytes.slice(at, at + length);
    at += length;
  }
}

export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return concat(parts);
}

import type { ByteSource } from "../base/byte-source.ts";

/** Bytes that are in memory already. Reads are views: the caller must not write into them. */
export class BufferSource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#bytes.subarray(offset, offset + length);
  }

  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    if (length > 0) yield this.#bytes.subarray(offset, offset + length);
  }
}

import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Bytes that are packed together. */
const blockBytes = 256 * 1024;

/**
 * Bytes that are written once and read again, kept packed in memory: what cannot be read twice, and
 * what has to stand behind something that is not known yet. JSON takes a tenth of its room.
 */
export class HeldBytes {
  readonly #blocks: Buffer[] = [];
  #open: Buffer[] = [];
  #openBytes = 0;
  #packed = 0;

  /** Bytes that it takes in memory, about. */
  get room(): number {
    return this.#packed + this.#openBytes;
  }

  /** Keeps a copy. */
  add(bytes: Uint8Array | string): void {
    const copy = Buffer.from(bytes as Uint8Array);
    this.#open.push(copy);
    this.#openBytes += copy.length;
    if (this.#openBytes >= blockBytes) this.#pack();
  }

  *read(): Generator<Buffer> {
    for (const block of this.#blocks) yield inflateRawSync(block);
    yield* this.#open;
  }

  #pack(): void {
    // Copied, because zlib hands out a piece of a buffer that is larger.
    const packed = Buffer.from(deflateRawSync(Buffer.concat(this.#open), { level: 1 }));
    this.#blocks.push(packed);
    this.#packed += packed.length;
    this.#open = [];
    this.#openBytes = 0;
  }
}

import { type ByteSource, fill } from "../base/byte-source.ts";
import { PageCursor } from "./core/page-cursor.ts";

/** Bytes that are read at a time, in a thread of their own. */
const readBytes = 512 * 1024;
/** Bytes that are written at a time, at once: they are in the processor's cache then. */
const writeBytes = 64 * 1024;

type Write = (bytes: Uint8Array, position: number) => Promise<void>;

/**
 * Copies pieces of page images into a file. Where an image can be read at any place, the next
 * bytes are read into memory that is used again while the last are written; where it cannot, in a
 * compressed archive, pieces that follow each other are one stream.
 */
export class PageCopier {
  readonly #write: Write;
  readonly #progress: ((bytes: number) => void) | undefined;
  readonly #cursor = new PageCursor();
  readonly #buffers: readonly [Uint8Array, Uint8Array];

  /** @param longest of the pieces, in bytes. */
  constructor(longest: number, write: Write, progress?: (bytes: number) => void) {
    this.#write = write;
    this.#progress = progress;
    const size = Math.min(longest, readBytes);
    this.#buffers = [new Uint8Array(size), new Uint8Array(size)];
  }

  /** Copies bytes [offset, offset + length) of a source to `position`. */
  copy(source: ByteSource, offset: number, length: number, position: number): Promise<void> {
    if (source.readInto !== undefined) return this.#copyAhead(source, offset, length, position);
    return this.#cursor.copy(source, offset, length, (chunk, inside) =>
      this.#put(chunk, position + inside),
    );
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }

  async #copyAhead(
    source: ByteSource,
    offset: number,
    length: number,
    position: number,
  ): Promise<void> {
    let turn = 0;
    const readAt = async (at: number): Promise<Uint8Array> => {
      turn = 1 - turn;
      const chunk = (this.#buffers[turn] as Uint8Array).subarray(0, length - at);
      await fill(source, offset + at, chunk);
      return chunk;
    };
    let next = readAt(0);
    try {
      for (let at = 0; at < length; ) {
        const chunk = await next;
        const end = at + chunk.length;
        if (end < length) {
          next = readAt(end);
          // A failure is met at the next step; until then it must not count as unhandled.
          next.catch(() => {});
        }
        await this.#put(chunk, position + at);
        at = end;
      }
    } finally {
      // Who closes the source must find no read under way.
      await next.catch(() => {});
    }
  }

  async #put(chunk: Uint8Array, position: number): Promise<void> {
    for (let at = 0; at < chunk.length; at += writeBytes) {
      await this.#write(chunk.subarray(at, at + writeBytes), position + at);
    }
    this.#progress?.(chunk.length);
  }
}

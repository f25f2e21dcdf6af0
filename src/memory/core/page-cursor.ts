import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";

/** Streams that are held open: the process's own pages, those of a parent, shared memory. */
const mostStreams = 3;
/** A gap up to this length is read and passed over rather than jumped. */
const passedBytes = 256 * 1024;

interface Stream {
  chunks: AsyncIterator<Uint8Array>;
  /** What was read and not yet taken, and its offset in the source. */
  rest: Uint8Array;
  offset: number;
}

/**
 * Reads pieces of page images that mostly follow each other. Each image is one stream as long as
 * pieces ascend: in a compressed archive every new stream would cost a pass over the archive.
 */
export class PageCursor {
  readonly #streams = new Map<ByteSource, Stream>();

  /** Hands bytes [offset, offset + length) to `take`, in chunks that it must not keep. */
  async copy(
    source: ByteSource,
    offset: number,
    length: number,
    take: (chunk: Uint8Array, inside: number) => Promise<void>,
  ): Promise<void> {
    const stream = await this.#at(source, offset);
    let done = 0;
    while (done < length) {
      const chunk = await this.#next(source, stream, length - done);
      await take(chunk, done);
      done += chunk.length;
    }
  }

  async close(): Promise<void> {
    for (const source of [...this.#streams.keys()]) await this.#drop(source);
  }

  async #at(source: ByteSource, offset: number): Promise<Stream> {
    const known = this.#streams.get(source);
    if (known !== undefined && known.offset <= offset && offset - known.offset <= passedBytes) {
      while (known.offset < offset) await this.#next(source, known, offset - known.offset);
      return known;
    }
    if (known !== undefined) await this.#drop(source);
    else if (this.#streams.size >= mostStreams) {
      const [oldest] = this.#streams.keys();
      if (oldest !== undefined) await this.#drop(oldest);
    }
    const chunks = source.stream(offset)[Symbol.asyncIterator]();
    const stream: Stream = { chunks, rest: new Uint8Array(0), offset };
    this.#streams.set(source, stream);
    return stream;
  }

  async #next(source: ByteSource, stream: Stream, most: number): Promise<Uint8Array> {
    while (stream.rest.length === 0) {
      const { value, done } = await stream.chunks.next();
      if (done === true) {
        throw new ArchiveError({
          what: "a page image ends before its size",
          where: { offset: stream.offset },
          found: `${stream.offset} bytes`,
          allowed: `${source.size} bytes`,
        });
      }
      stream.rest = value;
    }
    const taken = stream.rest.subarray(0, most);
    stream.rest = stream.rest.subarray(taken.length);
    stream.offset += taken.length;
    return taken;
  }

  async #drop(source: ByteSource): Promise<void> {
    const stream = this.#streams.get(source);
    this.#streams.delete(source);
    await stream?.chunks.return?.();
  }
}

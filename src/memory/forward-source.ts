import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";

/** Bytes that are kept behind the last that were read, where nobody says: more than windows overlap. */
const keptBytes = 256 * 1024;

interface Chunk {
  start: number;
  bytes: Uint8Array;
}

/**
 * A source that can only be streamed (a member of a compressed archive), for who reads it mostly
 * forwards: one pass as long as no read goes further back than `kept` bytes. A read of the source
 * itself would be a pass over the archive each time.
 */
export class ForwardSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #kept: number;
  #stream: AsyncIterator<Uint8Array> | undefined;
  #chunks: Chunk[] = [];
  /** Offset of the next chunk of the stream. */
  #position = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(source: ByteSource, kept = keptBytes) {
    this.#source = source;
    this.#kept = kept;
    this.size = source.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const target = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    await this.readInto(offset, target);
    return target;
  }

  /** Reads that are asked for together are done one after the other. */
  readInto(offset: number, target: Uint8Array): Promise<void> {
    const done = this.#last.then(() => this.#take(offset, target));
    this.#last = done.catch(() => {});
    return done;
  }

  stream(offset?: number, length?: number): AsyncIterable<Uint8Array> {
    return this.#source.stream(offset, length);
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#restart(0);
  }

  async #take(offset: number, target: Uint8Array): Promise<void> {
    const first = this.#chunks[0]?.start ?? this.#position;
    if (this.#stream === undefined || offset < first) await this.#restart(offset);
    this.#stream ??= this.#source.stream(offset)[Symbol.asyncIterator]();
    const end = offset + target.length;
    let filled = offset;
    for (const chunk of this.#chunks) filled = copyPart(chunk, filled, end, target, offset);
    while (this.#position < end) {
      filled = copyPart(await this.#next(this.#stream), filled, end, target, offset);
    }
  }

  async #next(stream: AsyncIterator<Uint8Array>): Promise<Chunk> {
    const { value, done } = await stream.next();
    if (done === true) {
      throw new ArchiveError({
        what: "a page image ends before its size",
        where: { offset: this.#position },
        found: `${this.#position} bytes`,
        allowed: `${this.size} bytes`,
      });
    }
    // A decompressor may reuse what it handed out.
    const chunk = { start: this.#position, bytes: value.slice() };
    this.#chunks.push(chunk);
    this.#position += chunk.bytes.length;
    while ((this.#chunks[1]?.start ?? this.#position) < this.#position - this.#kept) {
      this.#chunks.shift();
    }
    return chunk;
  }

  async #restart(offset: number): Promise<void> {
    await this.#stream?.return?.();
    this.#stream = undefined;
    this.#chunks = [];
    this.#position = offset;
  }
}

/** Copies what a chunk has of [filled, end); returns how far it is filled then. */
function copyPart(
  { start, bytes }: Chunk,
  filled: number,
  end: number,
  target: Uint8Array,
  offset: number,
): number {
  const last = Math.min(end, start + bytes.length);
  if (start > filled || last <= filled) return filled;
  target.set(bytes.subarray(filled - start, last - start), filled - offset);
  return last;
}

/** Sources as they are best read forwards, each made once. */
export class ForwardSources {
  readonly #made = new Map<ByteSource, ForwardSource>();
  readonly #kept: number;

  /** @param kept bytes behind the last that were read which may be read again. */
  constructor(kept = keptBytes) {
    this.#kept = kept;
  }

  of(source: ByteSource): ByteSource {
    if (source.readInto !== undefined) return source;
    const known = this.#made.get(source) ?? new ForwardSource(source, this.#kept);
    this.#made.set(source, known);
    return known;
  }

  async close(): Promise<void> {
    for (const source of this.#made.values()) await source.close();
  }
}

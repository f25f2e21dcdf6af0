import { concat } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import type { TarMember } from "./member.ts";
import type { MemberCollector } from "./member-collector.ts";
import { RetainedStore, type RetainPolicy } from "./retained.ts";
import { padded } from "./tar-header.ts";
import type { TarInput } from "./tar-input.ts";

/** Zeros behind the end marker that are passed over before we stop looking. */
const trailerBytes = 16 * 1024 * 1024;
/** Bytes behind the end marker that are looked at together. */
const trailerPiece = 64 * 1024;

/** A tar that arrives once and in order; keeps of its members what it is told to keep. */
export class StreamInput implements TarInput {
  readonly store = new RetainedStore();
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #retain: RetainPolicy;
  /** What was not consumed of the newest chunk. Valid until the next one is asked for. */
  #rest: Uint8Array = new Uint8Array(0);
  /** Offset of its first byte. */
  #position = 0;
  #ended = false;
  /** What the stream broke with: damage of what the tar is packed in. */
  #failure: unknown;

  constructor(chunks: AsyncIterable<Uint8Array>, retain: RetainPolicy) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#retain = retain;
  }

  broke(error: unknown): boolean {
    return error !== undefined && error === this.#failure;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    await this.#consume(offset - this.#position);
    await this.#fill(length);
    return this.#rest.slice(0, length);
  }

  async pass(member: TarMember): Promise<number> {
    await this.#consume(member.dataOffset - this.#position);
    this.store.members.push(member);
    const plan = await this.#retain(member, this.store);
    const keep = this.store.collector(member, plan);
    let passed = 0;
    try {
      passed = await this.#consume(member.storedSize, (piece) => keep.push(piece));
    } catch (error) {
      if (error instanceof ArchiveError) error.at({ member: member.name });
      member.available = this.#position - member.dataOffset;
      throw error;
    }
    if (passed < member.storedSize) return passed;
    return passed + (await this.#consume(padded(passed) - passed));
  }

  async judgeTrailer(offset: number, collector: MemberCollector): Promise<void> {
    let at = offset;
    for (; at < offset + trailerBytes; at += trailerPiece) {
      const piece = await this.read(at, trailerPiece);
      if (collector.judgeTail(piece, at)) return;
      if (piece.length < trailerPiece) return;
    }
  }

  /** Tells the stream that no more of it is wanted. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#chunks.return?.();
  }

  /** Goes past so many bytes, or as many as there are. */
  async #consume(length: number, sink?: (piece: Uint8Array) => void): Promise<number> {
    let left = length;
    while (left > 0) {
      if (this.#rest.length === 0) this.#rest = (await this.#next()) ?? this.#rest;
      if (this.#rest.length === 0) break;
      const piece = this.#rest.subarray(0, left);
      sink?.(piece);
      left -= piece.length;
      this.#position += piece.length;
      this.#rest = this.#rest.subarray(piece.length);
    }
    return length - left;
  }

  /** Has at least so many bytes at hand, if there are so many. */
  async #fill(length: number): Promise<void> {
    if (this.#rest.length >= length) return;
    // Copied, because the decompressor may reuse what it handed out.
    const parts = [this.#rest.slice()];
    let have = this.#rest.length;
    while (have < length) {
      const next = await this.#next();
      if (next === undefined) break;
      parts.push(next.slice());
      have += next.length;
    }
    this.#rest = concat(parts);
  }

  /** The next chunk with something in it. */
  async #next(): Promise<Uint8Array | undefined> {
    try {
      while (!this.#ended) {
        const { done, value } = await this.#chunks.next();
        if (done === true) this.#ended = true;
        else if (value.length > 0) return value;
      }
    } catch (error) {
      this.#ended = true;
      this.#failure = error;
      throw error;
    }
    return undefined;
  }
}

import type { ByteSource } from "../base/byte-source.ts";
import { concat } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatBytes } from "../base/units.ts";
import type { MemberReader } from "./archive.ts";
import type { TarMember } from "./member.ts";
import { memberSource } from "./member-source.ts";
import type { RetainedStore } from "./retained.ts";

/** The decompressed tar from its beginning, as often as asked; undefined where it came by a pipe. */
export type Restream = (() => AsyncIterable<Uint8Array>) | undefined;

/**
 * Members of an archive that cannot seek: what the first pass kept comes from memory, anything
 * else costs another pass. One member at a time is held whole, so that reads all over it do not
 * cost a pass each.
 */
export class StreamedReader implements MemberReader {
  readonly #store: RetainedStore;
  readonly #restream: Restream;
  readonly #close: () => Promise<void>;
  #held: { member: TarMember; bytes: Promise<Uint8Array> } | undefined;

  constructor(store: RetainedStore, restream: Restream, close: () => Promise<void>) {
    this.#store = store;
    this.#restream = restream;
    this.#close = close;
  }

  open(member: TarMember): ByteSource {
    return memberSource(member, new StreamedSource(member, this));
  }

  close(): Promise<void> {
    this.#held = undefined;
    return this.#close();
  }

  async read(member: TarMember, offset: number, length: number): Promise<Uint8Array> {
    const kept = this.#store.read(member, offset, length);
    if (kept !== undefined) return kept;
    if (member.storedSize > limits.heldMemberBytes) {
      const parts: Uint8Array[] = [];
      for await (const chunk of this.stream(member, offset, length)) parts.push(chunk);
      return concat(parts);
    }
    if (this.#held?.member !== member) this.#held = { member, bytes: this.#whole(member) };
    return (await this.#held.bytes).subarray(offset, offset + length);
  }

  async *stream(member: TarMember, offset: number, length: number): AsyncGenerator<Uint8Array> {
    const kept = this.#store.read(member, offset, length);
    if (kept !== undefined) {
      yield kept;
      return;
    }
    if (this.#restream === undefined) throw this.#gone(member);
    const start = member.dataOffset + offset;
    const end = start + length;
    let at = 0;
    for await (const chunk of this.#restream()) {
      const from = Math.max(0, start - at);
      const to = Math.min(chunk.length, end - at);
      if (from < to) yield chunk.subarray(from, to);
      at += chunk.length;
      if (at >= end) return;
    }
    throw new ArchiveError({
      what: `the archive changed or ended while ${member.name} was read again`,
      where: { member: member.name, offset: at },
      next: "wait until whatever writes the file has finished, then try again",
    });
  }

  async #whole(member: TarMember): Promise<Uint8Array> {
    const length = member.available ?? member.storedSize;
    const parts: Uint8Array[] = [];
    // Chunks are copied because the decompressor may reuse what it handed out.
    for await (const chunk of this.stream(member, 0, length)) parts.push(chunk.slice());
    return concat(parts);
  }

  #gone(member: TarMember): ArchiveError {
    return new ArchiveError({
      what: `${member.name} has gone by: standard input can be read only once`,
      where: { member: member.name },
      found: `a member of ${formatBytes(member.storedSize)}`,
      allowed: `what one pass keeps in memory (${formatBytes(limits.retainedBytes)})`,
      next: "save the archive to a file, or give --spool DIR, a private folder with room for it",
    });
  }
}

class StreamedSource implements ByteSource {
  readonly size: number;
  readonly #member: TarMember;
  readonly #reader: StreamedReader;

  constructor(member: TarMember, reader: StreamedReader) {
    this.size = member.storedSize;
    this.#member = member;
    this.#reader = reader;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#reader.read(
      this.#member,
      offset,
      Math.min(length, Math.max(0, this.size - offset)),
    );
  }

  stream(offset = 0, length = this.size - offset): AsyncIterable<Uint8Array> {
    return this.#reader.stream(this.#member, offset, Math.min(length, this.size - offset));
  }
}

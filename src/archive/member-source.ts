import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatCount } from "../base/units.ts";
import type { TarMember } from "./member.ts";
import { sparseMapOfData } from "./pax.ts";
import { SliceSource } from "./slice-source.ts";
import { checkSegments, SparseSource } from "./sparse-source.ts";

/**
 * The content of a member, given its stored bytes. Sparse members appear with their holes;
 * a truncated member fails when bytes beyond the cut are asked for.
 */
export function memberSource(member: TarMember, stored: ByteSource): ByteSource {
  const whole = member.available === undefined ? stored : new CutSource(member, stored);
  if (member.sparse === undefined) return whole;
  const { segments } = member.sparse;
  if (segments === undefined) {
    return new LazySource(member.size, () => sparseFromData(member, whole));
  }
  // A bad map fails when bytes are asked for, so that one member does not hide all others.
  return new LazySource(member.size, async () => {
    checkSegments(segments, member.size, member.storedSize);
    return new SparseSource(whole, segments, member.size);
  });
}

/** PAX 1.0 keeps the map at the head of the data, so it costs a read and is made on first use. */
async function sparseFromData(member: TarMember, stored: ByteSource): Promise<ByteSource> {
  for (let wanted = 4096; ; wanted *= 8) {
    const head = await stored.read(0, Math.min(wanted, stored.size));
    const map = sparseMapOfData(head);
    if (map !== undefined) {
      const length = stored.size - map.length;
      checkSegments(map.segments, member.size, length);
      return new SparseSource(
        new SliceSource(stored, map.length, length),
        map.segments,
        member.size,
      );
    }
    // A segment takes at most 34 bytes of text.
    if (wanted >= stored.size || wanted > limits.sparseSegments * 34) {
      throw new ArchiveError({
        what: "the map of a sparse member has no end",
        where: { member: member.name },
        found: `${formatCount(head.length)} bytes without the last segment`,
        allowed: "a map that fits the member",
      });
    }
  }
}

/** A source whose making needs a read. */
class LazySource implements ByteSource {
  readonly size: number;
  readonly #make: () => Promise<ByteSource>;
  #made: Promise<ByteSource> | undefined;

  constructor(size: number, make: () => Promise<ByteSource>) {
    this.size = size;
    this.#make = make;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#made ??= this.#make();
    return (await this.#made).read(offset, length);
  }

  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    this.#made ??= this.#make();
    yield* (await this.#made).stream(offset, length);
  }

  async *stored(): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
    this.#made ??= this.#make();
    const made = await this.#made;
    if (made.stored !== undefined) yield* made.stored();
  }
}

/** A member whose end the archive lost: what is there can be read, the rest says so. */
class CutSource implements ByteSource {
  readonly size: number;
  readonly #member: TarMember;
  readonly #stored: ByteSource;

  constructor(member: TarMember, stored: ByteSource) {
    this.size = member.storedSize;
    this.#member = member;
    this.#stored = stored;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (end > this.#available) throw this.#missing();
    return this.#stored.read(offset, end - offset);
  }

  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const there = Math.max(0, Math.min(end, this.#available) - offset);
    yield* this.#stored.stream(offset, there);
    if (end > this.#available) throw this.#missing();
  }

  get #available(): number {
    return this.#member.available ?? 0;
  }

  #missing(): ArchiveError {
    return new ArchiveError({
      what: `the archive is truncated in member ${this.#member.name}`,
      where: { member: this.#member.name, offset: this.#available },
      found: `${formatCount(this.#available)} bytes`,
      allowed: `${formatCount(this.size)} bytes`,
      next: "copy the archive again and compare sizes, or make the checkpoint again",
    });
  }
}

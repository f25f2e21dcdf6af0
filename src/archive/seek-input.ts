import type { ByteSource } from "../base/byte-source.ts";
import type { TarMember } from "./member.ts";
import type { MemberCollector } from "./member-collector.ts";
import { padded } from "./tar-header.ts";
import type { TarInput } from "./tar-input.ts";

/** How far behind the end marker we look for members that other tools would not show. */
const trailerBytes = 64 * 1024;

/** A tar that can seek: one header is read for each member, never its body. */
export class SeekInput implements TarInput {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const left = Math.max(0, this.#source.size - offset);
    return this.#source.read(offset, Math.min(length, left));
  }

  async pass({ dataOffset, storedSize }: TarMember): Promise<number> {
    const left = Math.max(0, this.#source.size - dataOffset);
    return Math.min(left, padded(storedSize));
  }

  async judgeTrailer(offset: number, collector: MemberCollector): Promise<void> {
    const tail = await this.read(offset, trailerBytes);
    const unseen = this.#source.size - offset - tail.length;
    if (!collector.judgeTail(tail, offset) && unseen > 0) {
      collector.unreadTrailer(unseen, offset + tail.length);
    }
  }

  /** A file that cannot be read is no damage of what is in it. */
  broke(): boolean {
    return false;
  }
}

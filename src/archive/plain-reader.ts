import type { ByteSource } from "../base/byte-source.ts";
import type { MemberReader } from "./archive.ts";
import type { TarMember } from "./member.ts";
import { memberSource } from "./member-source.ts";
import { SliceSource } from "./slice-source.ts";

/** Members of a tar that can seek. */
export class PlainReader implements MemberReader {
  readonly #source: ByteSource;
  readonly #close: () => Promise<void>;

  constructor(source: ByteSource, close: () => Promise<void> = async () => {}) {
    this.#source = source;
    this.#close = close;
  }

  open(member: TarMember): ByteSource {
    return memberSource(
      member,
      new SliceSource(this.#source, member.dataOffset, member.storedSize),
    );
  }

  close(): Promise<void> {
    return this.#close();
  }
}

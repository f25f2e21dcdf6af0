import type { TarMember } from "./member.ts";
import type { MemberCollector } from "./member-collector.ts";

/**
 * Where a tar comes from: a source that can seek, or a stream. Offsets count from the start of the
 * tar in bytes, and never go back.
 */
export interface TarInput {
  /** Bytes [offset, offset + length), cut at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * Goes past the stored bytes of a member and their padding.
   * @returns how many of them there are.
   */
  pass(member: TarMember): Promise<number>;
  /** Judges what follows the end marker, from `offset` on. */
  judgeTrailer(offset: number, collector: MemberCollector): Promise<void>;
  /** Is this the error with which the input itself broke, rather than one of the tar? */
  broke(error: unknown): boolean;
}

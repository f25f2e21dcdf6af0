import { isZero, text } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { Problem } from "../base/problem.ts";
import { formatCount } from "../base/units.ts";
import type { TarMember } from "./member.ts";
import { MemberCollector } from "./member-collector.ts";
import {
  applySparse,
  type PaxAttributes,
  type PaxRecords,
  parsePax,
  paxAttributes,
} from "./pax.ts";
import { cut, emptyArchive, notTar } from "./tar-faults.ts";
import {
  blockBytes,
  decodeHeader,
  gnuSparseExtension,
  gnuSparseHeader,
  memberType,
  padded,
  type TarHeader,
} from "./tar-header.ts";
import type { TarInput } from "./tar-input.ts";

/** What an archive holds, as far as it could be read. */
export interface TarIndex {
  members: TarMember[];
  problems: Problem[];
}

/** Blocks of an old GNU sparse map, 21 segments each. */
const sparseBlocks = Math.ceil(limits.sparseSegments / 21);

/** What extended headers have said about the next member. */
interface Pending {
  records: PaxRecords;
  name?: string;
  linkName?: string;
  /** Extended headers seen since the last member. */
  chain: number;
}

/**
 * Goes from header to header of a tar, and reads of it as Go's archive/tar does, which the runtimes
 * restore with. Damage behind the first header does not throw: it ends the index with a problem of
 * severity `error`, and the members before it stay readable.
 */
export class TarWalk {
  readonly #input: TarInput;
  readonly #collector = new MemberCollector();
  #offset = 0;
  #global: PaxRecords = [];
  #pending: Pending = { records: [], chain: 0 };

  constructor(input: TarInput) {
    this.#input = input;
  }

  /** @throws ArchiveError when no tar header stands at the start, or nothing at all. */
  async run(): Promise<TarIndex> {
    if ((await this.#input.read(0, 1)).length === 0) throw emptyArchive();
    try {
      while (await this.#step());
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#damage(error);
    }
    return this.#collector.finish();
  }

  #damage(error: ArchiveError): void {
    const packing = this.#input.broke(error);
    if (this.#collector.members.length === 0 && packing) throw error;
    if (this.#offset === 0 && !packing) throw notTar(error);
    const placed = error.at({ offset: this.#offset });
    if (packing) this.#collector.damage("damaged-stream", placed);
    else this.#collector.damage("damaged-header", placed);
  }

  /** Handles one header. False at the end of the archive. */
  async #step(): Promise<boolean> {
    const block = await this.#input.read(this.#offset, blockBytes);
    if (block.length === 0) return this.#missingEnd();
    if (block.length < blockBytes) return this.#cutHeader(block.length);
    const header = decodeHeader(block);
    if (header === undefined) return this.#endMarker();
    if (await this.#extendedHeader(header)) return true;
    return this.#member(header, block);
  }

  async #extendedHeader(header: TarHeader): Promise<boolean> {
    if (!"xgLK".includes(header.flag)) return false;
    this.#pending.chain += 1;
    if (this.#pending.chain > limits.extendedHeaderChain) {
      throw new ArchiveError({
        what: "extended headers follow one another without a member",
        found: `${this.#pending.chain} in a row`,
        allowed: `${limits.extendedHeaderChain}`,
      });
    }
    const body = await this.#extendedBody(header.size);
    this.#offset += blockBytes + padded(header.size);
    if (header.flag === "x") {
      // Not spread: a megabyte of records is more than a call can take.
      for (const record of parsePax(body)) this.#pending.records.push(record);
    } else if (header.flag === "g") this.#global = parsePax(body);
    else {
      const end = body.indexOf(0);
      const name = text(end === -1 ? body : body.subarray(0, end));
      if (header.flag === "L") this.#pending.name = name;
      else this.#pending.linkName = name;
    }
    return true;
  }

  async #extendedBody(size: number): Promise<Uint8Array> {
    if (size > limits.extendedHeaderBytes) {
      throw new ArchiveError({
        what: "an extended header is larger than any real one",
        found: `${formatCount(size)} bytes`,
        allowed: `${formatCount(limits.extendedHeaderBytes)} bytes`,
      });
    }
    const body = await this.#input.read(this.#offset + blockBytes, size);
    if (body.length < size) throw cut("an extended header", size, body.length);
    return body;
  }

  async #member(header: TarHeader, block: Uint8Array): Promise<boolean> {
    const pax = paxAttributes([...this.#global, ...this.#pending.records]);
    const member = describeMember(header, pax, this.#pending, this.#offset);
    this.#pending = { records: [], chain: 0 };
    if (pax.size !== undefined && header.size !== 0 && pax.size !== header.size) {
      this.#collector.sizeDisagrees(member, header.size);
    }
    if (header.flag === "S") await this.#gnuSparse(member, block);

    this.#collector.add(member);
    const there = await this.#input.pass(member);
    if (there < member.storedSize) {
      member.available = there;
      const error = cut(`member ${member.name}`, member.storedSize, there);
      this.#collector.damage("truncated", error.at({ offset: this.#offset, member: member.name }));
      return false;
    }
    const whole = padded(member.storedSize);
    if (there < whole) {
      const error = cut(`the padding of member ${member.name}`, whole, there);
      this.#collector.damage("truncated", error.at({ offset: member.dataOffset }));
      return false;
    }
    this.#offset = member.dataOffset + whole;
    return true;
  }

  /** Old GNU sparse files put the rest of their map between the header and the data. */
  async #gnuSparse(member: TarMember, block: Uint8Array): Promise<void> {
    const first = gnuSparseHeader(block);
    const segments = first.segments;
    let extended = first.extended;
    for (let blocks = 1; extended; blocks++) {
      // Counted apart from segments: a block may hold none and still announce another.
      if (blocks > sparseBlocks) {
        throw new ArchiveError({
          what: "a sparse map has too many blocks",
          found: `more than ${formatCount(sparseBlocks)}`,
          allowed: formatCount(sparseBlocks),
        });
      }
      const more = await this.#input.read(member.dataOffset, blockBytes);
      if (more.length < blockBytes) throw cut("a sparse map", blockBytes, more.length);
      const next = gnuSparseExtension(more);
      for (const segment of next.segments) segments.push(segment);
      extended = next.extended;
      member.dataOffset += blockBytes;
    }
    member.size = first.realSize;
    member.sparse = { form: "gnu", segments };
  }

  async #endMarker(): Promise<boolean> {
    const at = this.#offset;
    const second = await this.#input.read(at + blockBytes, blockBytes);
    if (second.length < blockBytes) {
      this.#collector.shortEndMarker(at);
      return false;
    }
    if (!isZero(second)) {
      this.#collector.loneZeroBlock(at);
      this.#offset += blockBytes;
      return true;
    }
    await this.#input.judgeTrailer(at + 2 * blockBytes, this.#collector);
    return false;
  }

  #missingEnd(): boolean {
    this.#collector.missingEnd(this.#offset);
    return false;
  }

  #cutHeader(left: number): boolean {
    const error = cut("a tar header", blockBytes, left).at({ offset: this.#offset });
    if (this.#offset === 0) throw notTar(error);
    this.#collector.damage("truncated", error);
    return false;
  }
}

/** Joins a header with what extended headers said of it. */
function describeMember(
  header: TarHeader,
  pax: PaxAttributes,
  pending: Pending,
  headerOffset: number,
): TarMember {
  const name = pax.path ?? pending.name ?? header.name;
  const storedSize = pax.size ?? header.size;
  const linkName = pax.linkPath ?? pending.linkName ?? header.linkName;
  const type = memberType(header.flag, name, storedSize);
  // Links, devices and folders have no body whatever their size field says; an unknown type has.
  const stored = type === "file" || type === "unknown" ? storedSize : 0;
  const member: TarMember = {
    index: 0,
    name,
    type,
    size: stored,
    storedSize: stored,
    mode: header.mode,
    uid: pax.uid ?? header.uid,
    gid: pax.gid ?? header.gid,
    mtime: pax.mtime ?? header.mtime,
    headerOffset,
    dataOffset: headerOffset + blockBytes,
  };
  if (linkName !== "" && (type === "symlink" || type === "hardlink")) member.linkName = linkName;
  applySparse(member, pax);
  return member;
}

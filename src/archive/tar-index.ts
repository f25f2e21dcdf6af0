import type { ByteSource } from "../base/byte-source.ts";
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

/** What an archive holds, as far as it could be read. */
export interface TarIndex {
  members: TarMember[];
  problems: Problem[];
}

/** How far behind the end marker we look for members that other tools would not show. */
const trailerBytes = 64 * 1024;

/** Blocks of an old GNU sparse map, 21 segments each. */
const sparseBlocks = Math.ceil(limits.sparseSegments / 21);

/**
 * Indexes a plain tar by seeking: one header is read for each member, never its body.
 * Damage after the first header does not throw: it ends the index with a problem of severity
 * `error`, and the members before it stay readable.
 * @throws ArchiveError when the source does not begin with a tar header, or is empty.
 */
export async function indexTar(source: ByteSource): Promise<TarIndex> {
  return new TarIndexer(source).run();
}

/** What extended headers have said about the next member. */
interface Pending {
  records: PaxRecords;
  name?: string;
  linkName?: string;
  /** Extended headers seen since the last member. */
  chain: number;
}

class TarIndexer {
  readonly #source: ByteSource;
  readonly #collector = new MemberCollector();
  #offset = 0;
  #global: PaxRecords = [];
  #pending: Pending = { records: [], chain: 0 };

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async run(): Promise<TarIndex> {
    if (this.#source.size === 0) throw emptyArchive();
    try {
      while (await this.#step());
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      if (this.#offset === 0) throw notTar(error);
      this.#collector.damage("damaged-header", error.at({ offset: this.#offset }));
    }
    return this.#collector.finish();
  }

  /** Handles one header. False at the end of the archive. */
  async #step(): Promise<boolean> {
    const left = this.#source.size - this.#offset;
    if (left === 0) return this.#missingEnd();
    if (left < blockBytes) return this.#cutHeader(left);
    const block = await this.#source.read(this.#offset, blockBytes);
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
    if (header.flag === "x") this.#pending.records.push(...parsePax(body));
    else if (header.flag === "g") this.#global = parsePax(body);
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
    const left = this.#source.size - this.#offset - blockBytes;
    if (size > left) throw cut("an extended header", size, left);
    return this.#source.read(this.#offset + blockBytes, size);
  }

  async #member(header: TarHeader, block: Uint8Array): Promise<boolean> {
    const pax = paxAttributes([...this.#global, ...this.#pending.records]);
    const member = describeMember(header, pax, this.#pending, this.#offset);
    this.#pending = { records: [], chain: 0 };
    if (pax.size !== undefined && header.size !== 0 && pax.size !== header.size) {
      this.#collector.sizeDisagrees(member, header.size);
    }
    if (header.flag === "S") await this.#gnuSparse(member, block);

    const left = this.#source.size - member.dataOffset;
    if (member.storedSize > left) {
      member.available = Math.max(0, left);
      this.#collector.add(member);
      const error = cut(`member ${member.name}`, member.storedSize, Math.max(0, left));
      this.#collector.damage("truncated", error.at({ offset: this.#offset, member: member.name }));
      return false;
    }
    this.#collector.add(member);
    this.#offset = member.dataOffset + padded(member.storedSize);
    if (this.#offset > this.#source.size) {
      const error = cut(`the padding of member ${member.name}`, padded(member.storedSize), left);
      this.#collector.damage("truncated", error.at({ offset: member.dataOffset }));
      return false;
    }
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
      const left = this.#source.size - member.dataOffset;
      if (left < blockBytes) throw cut("a sparse map", blockBytes, left);
      const next = gnuSparseExtension(await this.#source.read(member.dataOffset, blockBytes));
      for (const segment of next.segments) segments.push(segment);
      extended = next.extended;
      member.dataOffset += blockBytes;
    }
    member.size = first.realSize;
    member.sparse = { form: "gnu", segments };
  }

  async #endMarker(): Promise<boolean> {
    const at = this.#offset;
    const end = this.#source.size;
    const tail = await this.#source.read(at + blockBytes, Math.min(trailerBytes, end - at));
    if (tail.length < blockBytes) {
      this.#collector.shortEndMarker(at);
      return false;
    }
    if (!isZero(tail.subarray(0, blockBytes))) {
      this.#collector.loneZeroBlock(at);
      this.#offset += blockBytes;
      return true;
    }
    this.#collector.trailer(tail, at + blockBytes, end);
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
  const type = memberType(header.flag, name);
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

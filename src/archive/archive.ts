import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";
import type { Problem } from "../base/problem.ts";
import type { Compression } from "./compression.ts";
import { followHardLinks } from "./hard-link.ts";
import { canonicalName, type TarMember } from "./member.ts";

/** What the file system says of an archive file. Absent for a pipe. */
export interface ArchiveFile {
  mode: number;
  uid: number;
  gid: number;
  /** Modification time in milliseconds since 1970. */
  mtime: number;
}

/** How the bytes of members are reached: by seeking, by streaming again, or from a folder. */
export interface MemberReader {
  open(member: TarMember): ByteSource;
  close(): Promise<void>;
}

export interface ArchiveParts {
  path: string;
  compression: Compression;
  /** Bytes of the file as it lies on disk; undefined for a pipe. */
  sizeBytes: number | undefined;
  file: ArchiveFile | undefined;
  /** Is it a folder of unpacked members? */
  directory?: boolean;
  /** The bytes as they lie on disk, compressed where they are. */
  source?: ByteSource;
  members: readonly TarMember[];
  problems: readonly Problem[];
  reader: MemberReader;
}

/** An open archive: its members, and the bytes of each on demand. Nothing is written anywhere. */
export class Archive {
  readonly path: string;
  readonly compression: Compression;
  readonly sizeBytes: number | undefined;
  readonly file: ArchiveFile | undefined;
  readonly directory: boolean;
  /** The bytes as they lie on disk, compressed where they are; undefined for a pipe and a folder. */
  readonly source: ByteSource | undefined;
  readonly members: readonly TarMember[];
  readonly problems: readonly Problem[];
  readonly #reader: MemberReader;
  readonly #byName = new Map<string, TarMember>();

  constructor(parts: ArchiveParts) {
    this.path = parts.path;
    this.compression = parts.compression;
    this.sizeBytes = parts.sizeBytes;
    this.file = parts.file;
    this.directory = parts.directory ?? false;
    this.source = parts.source;
    this.members = parts.members;
    this.problems = parts.problems;
    this.#reader = parts.reader;
    // Later members replace earlier ones of the same name, as when the archive is unpacked.
    for (const member of parts.members) this.#byName.set(canonicalName(member.name), member);
  }

  /** The member of that name which counts. Names are compared without `./` and final `/`. */
  find(name: string): TarMember | undefined {
    return this.#byName.get(name);
  }

  /** Canonical names of all members that count, in the archive's order. */
  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  /**
   * The content of a regular file or hard link.
   * @throws ArchiveError for anything without content of its own, and for a link in a circle.
   */
  open(member: TarMember): ByteSource {
    return this.#reader.open(this.#resolve(member));
  }

  /** Bytes [offset, offset + length) of a member. */
  read(member: TarMember, offset: number, length: number): Promise<Uint8Array> {
    return this.open(member).read(offset, length);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  /** Is there content that `open` gives? */
  hasContent(member: TarMember): boolean {
    const end = followHardLinks(member, (name) => this.find(name));
    return typeof end === "object" && holdsBytes(end);
  }

  #resolve(member: TarMember): TarMember {
    const end = followHardLinks(member, (name) => this.find(name));
    if (typeof end === "object" && holdsBytes(end)) return end;
    const found = {
      missing: "a hard link to nothing in the archive",
      circle: "a hard link that leads back to itself",
    };
    throw new ArchiveError({
      what: `${member.name} has no content to read`,
      where: { path: this.path, member: member.name },
      found: typeof end === "object" ? `a ${end.type}` : found[end],
      allowed: "a regular file",
    });
  }
}

function holdsBytes({ type }: TarMember): boolean {
  return type === "file" || type === "unknown";
}

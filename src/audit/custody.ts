import { createHash } from "node:crypto";
import type { Archive } from "../archive/archive.ts";
import { decompress } from "../archive/decompress.ts";
import type { TarMember } from "../archive/member.ts";
import type { ByteSource } from "../base/byte-source.ts";
import { Fault, UsageError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatTime } from "../base/time.ts";
import { version } from "../base/version.ts";

/** Whoever hands an archive on signs for it with this: what it was, and who looked at it how. */
export interface Custody {
  /** SHA-256 of the file as it lies on disk, hex; null for an archive that is a folder. */
  archiveSha256: string | null;
  /**
   * Every member with bytes of its own, in the archive's order: name, bytes, SHA-256 of what the
   * archive stores for it (of a sparse one, its map and data; of a truncated one, what is there).
   */
  members: { name: string; size: number; sha256: string }[];
  /** Members beyond those that are listed. */
  moreMembers: number;
  tool: string;
  /** RFC 3339. */
  hashedAt: string;
  user: string;
  uid: number;
  host: string;
  /** The command line as it was typed; secrets masked. */
  command: string;
}

/** Who takes an archive into custody: what the edge of the program knows. */
export interface Caller extends Pick<Custody, "user" | "uid" | "host" | "command"> {}

/** Hostile archives have millions of members; real ones a few hundred. */
const mostMembers = 100_000;
/** Whether it is a bomb was asked when it was opened; this pass keeps nothing. */
const judgedBefore = {
  ratio: Number.POSITIVE_INFINITY,
  floorBytes: limits.expansionFloorBytes,
};

/**
 * Hashes an archive and its members in one pass over the file.
 * @param now milliseconds since 1970
 * @param progress is told of bytes that were read
 * @throws Fault where the bytes cannot be read to their end, {UsageError} for a pipe, which is gone
 */
export async function takeCustody(
  archive: Archive,
  caller: Caller,
  { now, progress }: { now: number; progress?: ((bytes: number) => void) | undefined },
): Promise<Custody> {
  const { source } = archive;
  if (source === undefined && !archive.directory) {
    throw new UsageError({
      what: "what came by a pipe is gone, so its hash cannot be told",
      next: "write it to a private file first, and audit that",
    });
  }
  const holding = archive.members.filter(holdsBytes);
  const listed = holding.slice(0, mostMembers);
  const hashes =
    source === undefined
      ? { archiveSha256: null, members: await hashFolder(archive, listed) }
      : await hashFile(archive, source, listed, progress);
  const moreMembers = holding.length - listed.length;
  const tool = `cryoscope ${version}`;
  return { ...hashes, moreMembers, tool, hashedAt: formatTime(now), ...caller };
}

function holdsBytes({ type }: TarMember): boolean {
  return type === "file" || type === "unknown";
}

async function hashFolder(archive: Archive, members: TarMember[]): Promise<Custody["members"]> {
  const hashed: Custody["members"] = [];
  for (const member of members) {
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of archive.open(member).stream()) {
      hash.update(chunk);
      size += chunk.length;
    }
    hashed.push({ name: member.name, size, sha256: hash.digest("hex") });
  }
  return hashed;
}

async function hashFile(
  { compression }: Archive,
  source: ByteSource,
  members: TarMember[],
  progress: (bytes: number) => void = () => {},
): Promise<Pick<Custody, "archiveSha256" | "members">> {
  const whole = createHash("sha256");
  let passed = 0;
  async function* counted(from: number): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.stream(from)) {
      whole.update(chunk);
      passed += chunk.length;
      progress(chunk.length);
      yield chunk;
    }
  }
  const hasher = new MemberHasher(members);
  const tar =
    compression === "none" ? counted(0) : decompress(counted(0), compression, judgedBefore);
  try {
    for await (const chunk of tar) hasher.push(chunk);
  } catch (error) {
    // What a damaged stream still gave is hashed; that it is damaged, the archive's problems say.
    if (compression === "none" || !(error instanceof Fault)) throw error;
  }
  // What stands behind the end of a compressed stream is part of the file too.
  for await (const _ of counted(passed));
  return { archiveSha256: whole.digest("hex"), members: hasher.end() };
}

/** Hashes members out of the tar that they lie in, as it passes. */
class MemberHasher {
  readonly #members: readonly TarMember[];
  readonly #hashed: Custody["members"] = [];
  #hash = createHash("sha256");
  #size = 0;
  /** Place of the next byte in the tar. */
  #at = 0;

  /** @param members in the order of their data */
  constructor(members: readonly TarMember[]) {
    this.#members = members;
  }

  push(chunk: Uint8Array): void {
    const end = this.#at + chunk.length;
    for (let member = this.#next(); member !== undefined; member = this.#next()) {
      const stop = member.dataOffset + member.storedSize;
      const from = Math.max(member.dataOffset, this.#at);
      const to = Math.min(stop, end);
      if (to > from) {
        this.#hash.update(chunk.subarray(from - this.#at, to - this.#at));
        this.#size += to - from;
      }
      if (stop > end) break;
      this.#settle(member);
    }
    this.#at = end;
  }

  #next(): TarMember | undefined {
    return this.#members[this.#hashed.length];
  }

  #settle({ name }: TarMember): void {
    this.#hashed.push({ name, size: this.#size, sha256: this.#hash.digest("hex") });
    this.#hash = createHash("sha256");
    this.#size = 0;
  }

  end(): Custody["members"] {
    for (let member = this.#next(); member !== undefined; member = this.#next()) {
      this.#settle(member);
    }
    return this.#hashed;
  }
}

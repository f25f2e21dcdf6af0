import { constants, type Dirent } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError, RefusedError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { quote } from "../base/shell.ts";
import { Archive, type MemberReader } from "./archive.ts";
import { directoryLaxities } from "./directory-laxity.ts";
import { FileSource } from "./file-source.ts";

import type { MemberType, TarMember } from "./member.ts";
import { type PermissionPolicy, rightfulOwner } from "./permission-gate.ts";

/** A CRIU image folder, or an archive that somebody unpacked: two levels are read. */
export async function openDirectory(path: string, policy: PermissionPolicy): Promise<Archive> {
  const stats = await lstat(path);
  const members = await walk(path, "", 0);
  const lax = await directoryLaxities(path, stats, members, await rightfulOwner(policy, stats));
  const first = lax[0];
  if (first !== undefined && policy !== "any") {
    throw new RefusedError({
      ...first,
      where: { path },
      next: `${first.next}; or --permissions any`,
    });
  }
  return new Archive({
    path,
    compression: "none",
    sizeBytes: members.reduce((sum, member) => sum + member.size, 0),
    file: { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, mtime: stats.mtimeMs },
    directory: true,
    members: members.map((member, index) => ({ ...member, index })),
    problems: lax.map((entry) => ({
      severity: "warning",
      code: `permissions-${entry.code}`,
      message: `${entry.what} (${entry.found}); mend: ${entry.next}`,
      where: { path: quote(path) },
    })),
    reader: new DirectoryReader(path),
  });
}

async function walk(root: string, below: string, depth: number): Promise<TarMember[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const members: TarMember[] = [];
  for (const entry of entries) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    const member = await describe(root, name, entry);
    members.push(member);
    if (members.length > limits.members) break;
    if (member.type === "directory" && depth < 1)
      members.push(...(await walk(root, name, depth + 1)));
  }
  return members;
}

async function describe(root: string, name: string, entry: Dirent): Promise<TarMember> {
  const stats = await lstat(join(root, name));
  const type = typeOf(entry);
  const size = type === "file" ? stats.size : 0;
  const member: TarMember = {
    index: 0,
    name,
    type,
    size,
    storedSize: size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    mtime: stats.mtimeMs,
    headerOffset: 0,
    dataOffset: 0,
  };
  if (type === "symlink") member.linkName = await readlink(join(root, name));
  return member;
}

function typeOf(entry: Dirent): MemberType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFIFO()) return "fifo";
  if (entry.isCharacterDevice()) return "character-device";
  return entry.isBlockDevice() ? "block-device" : "unknown";
}

class DirectoryReader implements MemberReader {
  readonly #root: string;
  readonly #open = new Map<string, Promise<FileHandle>>();

  constructor(root: string) {
    this.#root = root;
  }

  open(member: TarMember): ByteSource {
    const file = (): Promise<ByteSource> => this.#source(member);
    return {
      size: member.size,
      read: async (offset, length) => (await file()).read(offset, length),
      async *stream(offset, length) {
        yield* (await file()).stream(offset, length);
      },
    };
  }

  async close(): Promise<void> {
    for (const handle of this.#open.values()) await (await handle).close();
    this.#open.clear();
  }

  async #source(member: TarMember): Promise<ByteSource> {
    const path = join(this.#root, member.name);
    const known = this.#open.get(member.name);
    const handle = known ?? open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    this.#open.set(member.name, handle);
    try {
      return new FileSource((await handle).fd, member.size, path);
    } catch (error) {
      this.#open.delete(member.name);
      throw new ArchiveError({ what: `${path} cannot be opened`, where: { path }, cause: error });
    }
  }
}

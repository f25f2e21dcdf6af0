import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readlinkSync,
  type Stats,
  utimesSync,
} from "node:fs";
import type { MemberType, TarMember } from "../../archive/member.ts";
import { ArchiveError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { RoomMeter } from "./room.ts";
import { pathOf } from "./root-walk.ts";
import type { TreeWriter } from "./tree-writer.ts";

const { COPYFILE_EXCL, COPYFILE_FICLONE, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } =
  constants;

/** How deep folders may lie in one another: paths end at 4096 bytes anyway. */
const deepest = 2048;

/**
 * Copies a root file system that lies in a folder. Links are copied, never followed; where the file
 * system can, files are clones that take no room.
 */
export async function copyDirectory(
  writer: TreeWriter,
  path: string,
  room: RoomMeter,
  owners: boolean,
): Promise<void> {
  await new DirectoryCopy(writer, room, owners).run(path);
}

class DirectoryCopy {
  readonly #writer: TreeWriter;
  readonly #room: RoomMeter;
  readonly #owners: boolean;
  /** Files of several names, by device and number: the name that they were first copied to. */
  readonly #known = new Map<string, string[]>();
  #entries = 0;

  constructor(writer: TreeWriter, room: RoomMeter, owners: boolean) {
    this.#writer = writer;
    this.#room = room;
    this.#owners = owners;
  }

  async run(path: string): Promise<void> {
    const root = openSync(path, O_RDONLY | O_DIRECTORY);
    try {
      this.#writer.tree.root(rightsOf(fstatSync(root)));
      await this.#folder(root, []);
    } finally {
      closeSync(root);
    }
  }

  async #folder(folder: number, above: readonly string[]): Promise<void> {
    if (above.length > deepest) {
      throw new ArchiveError({
        what: `folders lie deeper than ${deepest} in one another`,
        where: { path: above.slice(0, 8).join("/") },
        next: "give the root file system itself: --rootfs DIR",
      });
    }
    for (const name of namesIn(folder)) {
      this.#entries += 1;
      if (this.#entries > limits.members) {
        throw new ArchiveError({ what: `more than ${limits.members} files lie below --rootfs` });
      }
      const spot = { folder, name };
      const stats = lstatSync(pathOf(spot));
      const parts = [...above, name];
      if (stats.isFile()) this.#file(pathOf(spot), parts, stats);
      else await this.#other(pathOf(spot), parts, stats);
      if (!stats.isDirectory()) continue;
      const next = openSync(pathOf(spot), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      try {
        await this.#folder(next, parts);
      } finally {
        closeSync(next);
      }
    }
  }

  /** A folder, a link or what is never made. */
  async #other(path: string, parts: string[], stats: Stats): Promise<void> {
    const member: TarMember = {
      ...rightsOf(stats),
      index: 0,
      name: parts.join("/"),
      type: typeOf(stats),
      size: 0,
      storedSize: 0,
      headerOffset: 0,
      dataOffset: 0,
    };
    if (member.type === "symlink") member.linkName = readlinkSync(path);
    await this.#writer.node(parts, member);
  }

  #file(path: string, parts: string[], stats: Stats): void {
    const identity = `${stats.dev}:${stats.ino}`;
    const known = stats.nlink > 1 ? this.#known.get(identity) : undefined;
    if (known !== undefined && this.#writer.tree.hardLink(parts, known)) return;
    const spot = this.#writer.tree.spot(parts, true);
    if (spot === undefined) return;
    const from = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const bytes = stats.blocks * 512;
      this.#room.take(Math.min(bytes, stats.size));
      const to = pathOf(spot);
      copyFileSync(`/proc/self/fd/${from}`, to, COPYFILE_EXCL | COPYFILE_FICLONE);
      if (this.#owners) chownSync(to, stats.uid, stats.gid);
      chmodSync(to, stats.mode & 0o7777);
      utimesSync(to, stats.mtimeMs / 1000, stats.mtimeMs / 1000);
    } finally {
      closeSync(from);
    }
    if (stats.nlink > 1) this.#known.set(identity, parts);
    this.#writer.count.bytes += stats.size;
    this.#writer.counted(parts, stats);
  }
}

function* namesIn(folder: number): Generator<string> {
  const entries = opendirSync(`/proc/self/fd/${folder}/.`);
  try {
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
      yield entry.name;
    }
  } finally {
    entries.closeSync();
  }
}

function rightsOf({ mode, uid, gid, mtimeMs }: Stats): {
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
} {
  return { mode: mode & 0o7777, uid, gid, mtime: mtimeMs };
}

function typeOf(stats: Stats): MemberType {
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isFIFO()) return "fifo";
  if (stats.isCharacterDevice()) return "character-device";
  return stats.isBlockDevice() ? "block-device" : "unknown";
}

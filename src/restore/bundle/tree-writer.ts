import { closeSync, ftruncateSync, writeSync } from "node:fs";
import type { Archive } from "../../archive/archive.ts";
import type { TarMember } from "../../archive/member.ts";
import type { ByteSource } from "../../base/byte-source.ts";
import { makeFifo } from "./fifo.ts";
import type { RoomMeter } from "./room.ts";
import { partsOf, RootTree } from "./root-tree.ts";
import type { Spot } from "./root-walk.ts";

/** What was laid down. */
interface TreeCount {
  files: number;
  folders: number;
  links: number;
  bytes: number;
  /** Paths whose programs run with another user's rights. */
  setuid: string[];
  /** Members that were not made. */
  notMade: NotMade[];
}

export interface NotMade {
  path: string;
  type: TarMember["type"];
  reason: string;
}

/** Paths of each of the two lists that are told; more are only counted. */
const mostTold = 1000;

/** Lays members of archives and files of folders down below a root. */
export class TreeWriter {
  readonly tree: RootTree;
  readonly count: TreeCount = {
    files: 0,
    folders: 0,
    links: 0,
    bytes: 0,
    setuid: [],
    notMade: [],
  };
  readonly #room: RoomMeter;

  constructor(root: string, owners: boolean, room: RoomMeter) {
    this.tree = new RootTree(root, owners);
    this.#room = room;
  }

  close(): void {
    this.tree.close();
  }

  /** Writes one member as unpacking by a runtime would, but for devices, which are never made. */
  async member(archive: Archive, member: TarMember): Promise<void> {
    const parts = partsOf(member.name);
    if (parts === undefined) return this.#skip(member, "its name leads out of the root");
    if (parts.length === 0) {
      if (member.type === "directory") this.tree.root(member);
      return;
    }
    if (member.type === "file") return this.file(parts, member, archive.open(member));
    if (member.type === "hardlink") return this.#hardLink(parts, member);
    return this.node(parts, member);
  }

  /** Writes a regular file; holes stay holes. */
  async file(parts: readonly string[], member: TarMember, content: ByteSource): Promise<void> {
    const spot = this.#spot(parts, member);
    if (spot === undefined) return;
    const file = this.tree.file(spot);
    try {
      for await (const { at, bytes } of content.stored?.() ?? runs(content)) {
        this.#room.take(bytes.length);
        writeAll(file, bytes, at);
        this.count.bytes += bytes.length;
      }
      if (content.stored !== undefined) ftruncateSync(file, content.size);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    this.tree.settle(file, member);
    this.counted(parts, member);
  }

  /** Counts a file that somebody else wrote. */
  counted(parts: readonly string[], { mode }: { mode: number }): void {
    this.count.files += 1;
    const special = (mode & 0o4000) !== 0 || ((mode & 0o2000) !== 0 && (mode & 0o010) !== 0);
    if (special && this.count.setuid.length < mostTold) {
      this.count.setuid.push(`/${parts.join("/")}`);
    }
  }

  /** Makes what has no content: a folder, a link, a FIFO. What else there is is told. */
  async node(parts: readonly string[], member: TarMember): Promise<void> {
    const { type } = member;
    if (type !== "directory" && type !== "symlink" && type !== "fifo") {
      return this.#skip(
        member,
        type === "unknown" ? "its type is unknown" : "devices are never made",
      );
    }
    const spot = this.#spot(parts, member);
    if (spot === undefined) return;
    if (type === "directory") {
      this.tree.directory(spot, member);
      this.count.folders += 1;
    } else if (type === "symlink") {
      this.#symlink(spot, member);
    } else {
      this.tree.remove(spot);
      if (await makeFifo(spot, member.mode)) this.count.files += 1;
      else this.#skip(member, "the program mkfifo made none");
    }
  }

  #symlink(spot: Spot, member: TarMember): void {
    const target = member.linkName ?? "";
    if (target === "" || target.includes("\0")) {
      this.#skip(member, "it links to nothing");
      return;
    }
    this.tree.symlink(spot, target, member);
    this.count.links += 1;
  }

  #hardLink(parts: readonly string[], member: TarMember): void {
    const target = partsOf(member.linkName ?? "") ?? [];
    if (target.length === 0) this.#skip(member, "it links to something outside the root");
    else if (this.tree.hardLink(parts, target)) this.count.files += 1;
    else this.#skip(member, "what it is a second name of is not there");
  }

  #spot(parts: readonly string[], member: TarMember): Spot | undefined {
    const spot = this.tree.spot(parts, true);
    if (spot === undefined) this.#skip(member, "something on its path is no folder");
    return spot;
  }

  #skip({ name, type }: TarMember, reason: string): void {
    if (this.count.notMade.length < mostTold) this.count.notMade.push({ path: name, type, reason });
  }
}

async function* runs(source: ByteSource): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
  let at = 0;
  for await (const bytes of source.stream()) {
    yield { at, bytes };
    at += bytes.length;
  }
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, at + done);
  }
}

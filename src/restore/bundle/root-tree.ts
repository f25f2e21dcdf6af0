import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  type Stats,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { lstatOf, pathOf, RootWalk, type Spot } from "./root-walk.ts";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Parts that one path may come to with all its links. */
const mostSteps = 4096;

/** Mode, owner and time of what is made. Times in milliseconds since 1970. */
interface Rights {
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
}

/**
 * A root file system that is being laid down. Paths mean what they mean to a process that has it as
 * its root: links are resolved here and not by the kernel (`RootWalk`).
 *
 * Calls are synchronous: each takes some microseconds, and an image has a hundred thousand files.
 */
export class RootTree {
  readonly #walk: RootWalk;
  readonly #owners: boolean;
  /** The folder that was used last: archives name files folder by folder. */
  #last: { path: string; folder: number } | undefined;

  /**
   * @param path of the root folder, which exists
   * @param owners should files get the owners that the archive names? Needs root.
   */
  constructor(path: string, owners: boolean) {
    this.#walk = new RootWalk(path);
    this.#owners = owners;
  }

  close(): void {
    this.#forget();
    closeSync(this.#walk.root);
  }

  /**
   * Finds where a path ends, following links in all but its last part.
   * @param parts of the path, without `.` and empty ones; not empty
   * @param make folders that are missing
   * @returns undefined where a folder is missing, or where something on the way is no folder
   */
  spot(parts: readonly string[], make: boolean): Spot | undefined {
    const name = parts.at(-1) as string;
    const above = parts.slice(0, -1);
    const path = above.join("/");
    if (this.#last?.path === path) return { folder: this.#last.folder, name };
    const folder = this.#walk.descend(above, make);
    if (folder === undefined) return undefined;
    this.#forget();
    this.#last = { path, folder };
    return { folder, name };
  }

  #forget(): void {
    if (this.#last !== undefined) closeSync(this.#last.folder);
    this.#last = undefined;
  }

  /** Sets rights of the root itself. */
  root(rights: Rights): void {
    this.#rights(this.#walk.root, rights);
  }

  /** Makes a folder, or gives one that is there other rights. What else has the name goes. */
  directory(spot: Spot, rights: Rights): void {
    const path = pathOf(spot);
    const stats = lstatOf(path);
    if (stats !== undefined && !stats.isDirectory()) unlinkSync(path);
    if (stats?.isDirectory() !== true) mkdirSync(path, 0o700);
    const folder = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    try {
      this.#rights(folder, rights);
    } finally {
      closeSync(folder);
    }
  }

  /** Makes an empty file in the place of whatever has the name; the caller ends it with `settle`. */
  file(spot: Spot): number {
    this.remove(spot);
    return openSync(pathOf(spot), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  }

  /** Gives a file its rights, once it is whole, and closes it. */
  settle(file: number, rights: Rights): void {
    try {
      this.#rights(file, rights);
    } finally {
      closeSync(file);
    }
  }

  symlink(spot: Spot, target: string, rights: Rights): void {
    this.remove(spot);
    symlinkSync(target, pathOf(spot));
    if (this.#owners) lchownSync(pathOf(spot), rights.uid, rights.gid);
  }

  /** A second name of a file that is there; false where it is not. */
  hardLink(parts: readonly string[], target: readonly string[]): boolean {
    // The folder of the target is opened for itself: `spot` keeps one.
    const above = this.#walk.descend(target.slice(0, -1), false);
    if (above === undefined) return false;
    try {
      const from = pathOf({ folder: above, name: target.at(-1) as string });
      const found = lstatOf(from);
      if (found === undefined || found.isDirectory()) return false;
      const spot = this.spot(parts, true);
      if (spot === undefined) return false;
      const there = lstatOf(pathOf(spot));
      if (there?.ino === found.ino && there.dev === found.dev) return true;
      this.remove(spot);
      linkSync(from, pathOf(spot));
      return true;
    } finally {
      closeSync(above);
    }
  }

  /** Removes what has the name, with all below it. */
  remove(spot: Spot): boolean {
    const path = pathOf(spot);
    const stats = lstatOf(path);
    if (stats === undefined) return false;
    if (!stats.isDirectory()) {
      unlinkSync(path);
      return true;
    }
    rmSync(path, { recursive: true });
    // A folder that is gone is no good to be used again.
    if (this.#last !== undefined && fstatSync(this.#last.folder).nlink === 0) this.#forget();
    return true;
  }

  /** Removes all that is in a folder. */
  empty(parts: readonly string[]): void {
    const folder = this.#walk.descend(parts, false);
    if (folder === undefined) return;
    try {
      for (const name of readdirSync(`/proc/self/fd/${folder}/.`)) this.remove({ folder, name });
    } finally {
      closeSync(folder);
    }
  }

  /** Permission bits of the root itself. */
  rootMode(): number {
    return fstatSync(this.#walk.root).mode & 0o7777;
  }

  /** A path without links, as far as it is there, from the root. */
  resolve(parts: readonly string[]): string {
    let todo = [...parts];
    let done: string[] = [];
    for (let steps = 0; todo.length > 0 && steps < mostSteps; steps++) {
      const part = todo.shift() as string;
      const next = part === ".." ? done.slice(0, -1) : [...done, part];
      const found = part === ".." ? undefined : this.look(next);
      if (found?.isSymbolicLink() !== true) {
        done = next;
        continue;
      }
      const target = this.#readLink(next);
      todo = [...target.split("/").filter((each) => each !== "" && each !== "."), ...todo];
      if (target.startsWith("/")) done = [];
    }
    return `/${[...done, ...todo].join("/")}`;
  }

  #readLink(parts: readonly string[]): string {
    const folder = this.#walk.descend(parts.slice(0, -1), false);
    if (folder === undefined) return "";
    try {
      return readlinkSync(pathOf({ folder, name: parts.at(-1) as string }));
    } finally {
      closeSync(folder);
    }
  }

  /** What has the name, if anything; links are not followed. */
  look(parts: readonly string[]): Stats | undefined {
    if (parts.length === 0) return fstatSync(this.#walk.root);
    const folder = this.#walk.descend(parts.slice(0, -1), false);
    if (folder === undefined) return undefined;
    try {
      return lstatOf(pathOf({ folder, name: parts.at(-1) as string }));
    } finally {
      closeSync(folder);
    }
  }

  #rights(file: number, { mode, uid, gid, mtime }: Rights): void {
    // A change of owner takes set-user-ID away, so the mode comes behind it.
    if (this.#owners) fchownSync(file, uid, gid);
    fchmodSync(file, mode & 0o7777);
    futimesSync(file, mtime / 1000, mtime / 1000);
  }
}

/** The parts of a path in an archive, or undefined where it climbs or is none. */
export function partsOf(name: string): string[] | undefined {
  if (name.includes("\0")) return undefined;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts;
}

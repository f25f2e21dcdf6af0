import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  type Stats,
  symlinkSync,
  unlinkSync,
} from "node:fs";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** Links that one path may lead through: the kernel's own limit. */
const mostLinks = 40;

/** Parts that one path may come to with all its links. */
const mostSteps = 4096;

/** Mode, owner and time of what is made. Times in milliseconds since 1970. */
export interface Rights {
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
}

/** An open folder below the root, and the last name of a path in it. */
export interface Spot {
  folder: number;
  name: string;
}

/**
 * A root file system that is being laid down. Paths mean what they mean to a process that has it as
 * its root: a link leads to where it leads inside, and never out. Every folder is opened without
 * following links and the next step is taken relative to that descriptor, so that links are resolved
 * here and not by the kernel.
 *
 * Calls are synchronous: each takes some microseconds, and an image has a hundred thousand files.
 */
export class RootTree {
  readonly #root: number;
  readonly #owners: boolean;
  /** The folder that was used last: archives name files folder by folder. */
  #last: { path: string; folder: number } | undefined;

  /**
   * @param path of the root folder, which exists
   * @param owners should files get the owners that the archive names? Needs root.
   */
  constructor(path: string, owners: boolean) {
    this.#root = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    this.#owners = owners;
  }

  close(): void {
    this.#forget();
    closeSync(this.#root);
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
    const folder = this.#descend(above, make);
    if (folder === undefined) return undefined;
    this.#forget();
    this.#last = { path, folder };
    return { folder, name };
  }

  /** Opens a folder by its path; the caller closes it. */
  #descend(parts: readonly string[], make: boolean): number | undefined {
    let todo = [...parts];
    let done: string[] = [];
    let links = 0;
    let folder = this.#reopen(this.#root);
    const restart = (next: string[]): void => {
      closeSync(folder);
      folder = this.#reopen(this.#root);
      todo = next;
      done = [];
    };
    for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
      if (part === "..") {
        restart([...done.slice(0, -1), ...todo]);
        continue;
      }
      const step = this.#step(folder, part, make);
      if (typeof step === "number") {
        closeSync(folder);
        folder = step;
        done.push(part);
        continue;
      }
      links += 1;
      if (step === undefined || links > mostLinks) {
        closeSync(folder);
        return undefined;
      }
      const target = step.split("/").filter((each) => each !== "" && each !== ".");
      restart([...(step.startsWith("/") ? [] : done), ...target, ...todo]);
    }
    return folder;
  }

  #reopen(folder: number): number {
    return openSync(`/proc/self/fd/${folder}/.`, O_RDONLY | O_DIRECTORY);
  }

  /** The next folder, the target of a link, or undefined where there is neither. */
  #step(folder: number, part: string, make: boolean): number | string | undefined {
    const path = pathOf({ folder, name: part });
    const stats = lstatOf(path);
    if (stats === undefined) {
      if (!make) return undefined;
      // As the runtimes make folders that a layer names only in the paths of its files.
      mkdirSync(path, 0o755);
      const made = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      fchmodSync(made, 0o755);
      return made;
    }
    if (stats.isSymbolicLink()) return readlinkSync(path);
    if (!stats.isDirectory()) return undefined;
    return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  }

  #forget(): void {
    if (this.#last !== undefined) closeSync(this.#last.folder);
    this.#last = undefined;
  }

  /** Sets rights of the root itself. */
  root(rights: Rights): void {
    this.#rights(this.#root, rights);
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
    const above = this.#descend(target.slice(0, -1), false);
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
    const folder = this.#descend(parts, false);
    if (folder === undefined) return;
    try {
      for (const name of readdirSync(`/proc/self/fd/${folder}/.`)) this.remove({ folder, name });
    } finally {
      closeSync(folder);
    }
  }

  /** Permission bits of the root itself. */
  rootMode(): number {
    return fstatSync(this.#root).mode & 0o7777;
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
    const folder = this.#descend(parts.slice(0, -1), false);
    if (folder === undefined) return "";
    try {
      return readlinkSync(pathOf({ folder, name: parts.at(-1) as string }));
    } finally {
      closeSync(folder);
    }
  }

  /** What has the name, if anything; links are not followed. */
  look(parts: readonly string[]): Stats | undefined {
    if (parts.length === 0) return fstatSync(this.#root);
    const folder = this.#descend(parts.slice(0, -1), false);
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

/** A path that leads through the open folder, whatever has its name meanwhile. */
export function pathOf({ folder, name }: Spot): string {
  return `/proc/self/fd/${folder}/${name}`;
}

function lstatOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** The parts of a path in an archive, or undefined where it climbs or is none. */
export function partsOf(name: string): string[] | undefined {
  if (name.includes("\0")) return undefined;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts;
}

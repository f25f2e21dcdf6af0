import {
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  type Stats,
} from "node:fs";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/** Links that one path may lead through: the kernel's own limit. */
const mostLinks = 40;

/** An open folder below the root, and the last name of a path in it. */
export interface Spot {
  folder: number;
  name: string;
}

/**
 * The way from a root to its folders, as a process goes that has it as its root: a link leads to
 * where it leads inside, and never out. Every folder is opened without following links, and the next
 * step is taken relative to that descriptor.
 */
export class RootWalk {
  readonly root: number;

  constructor(path: string) {
    this.root = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  }

  /** Opens a folder by its path; the caller closes it. */
  descend(parts: readonly string[], make: boolean): number | undefined {
    let todo = [...parts];
    let done: string[] = [];
    let links = 0;
    let folder = this.#reopen(this.root);
    const restart = (next: string[]): void => {
      closeSync(folder);
      folder = this.#reopen(this.root);
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
}

/** A path that leads through the open folder, whatever has its name meanwhile. */
export function pathOf({ folder, name }: Spot): string {
  return `/proc/self/fd/${folder}/${name}`;
}

/** What has the name, if anything; a link itself. */
export function lstatOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { foldersOf } from "../../archive/laxity.ts";
import type { Subject } from "../subject.ts";

/** A file or folder with what the file system says of it. */
export interface Placed {
  path: string;
  stats: Stats;
}

/** Where an archive lies. */
export interface Place extends Placed {
  /** Its folders, from the root down. */
  folders: readonly Placed[];
}

/** Undefined for a pipe, and for an archive that is not there any more. */
export function placeOf(subject: Subject): Promise<Place | undefined> {
  return subject.once("place", async () => {
    const { path: given, file } = subject.checkpoint.archive;
    if (file === undefined || given === "-") return undefined;
    try {
      const path = await realpath(given);
      const folders: Placed[] = [];
      for (const folder of foldersOf(path)) {
        folders.push({ path: folder, stats: await lstat(folder) });
      }
      return { path, stats: await lstat(path), folders };
    } catch {
      // That it vanished or cannot be reached any more is told by whoever opened it.
      return undefined;
    }
  });
}

/** Is one of the folders closed to everybody but its owner? */
export function isShut({ folders }: Place): boolean {
  return folders.some(({ stats }) => (stats.mode & 0o011) === 0);
}

/** Does a path lie in a folder, or below it? */
export function liesIn(path: string, folder: string): boolean {
  const wanted = folder.length > 1 && folder.endsWith("/") ? folder.slice(0, -1) : folder;
  for (let at = dirname(path); ; at = dirname(at)) {
    if (at === wanted) return true;
    if (at === dirname(at)) return false;
  }
}

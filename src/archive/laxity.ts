import { lstatSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { quote } from "../base/shell.ts";
import { formatMode } from "../base/units.ts";
import { lookAt } from "./look-at.ts";

/** One reason why a file or folder is not locked down. */
export interface Laxity {
  code:
    | "symlink"
    | "not-a-file"
    | "owner"
    | "mode"
    | "directory-owner"
    | "directory-mode"
    | "moved";
  path: string;
  what: string;
  found: string;
  allowed: string;
  next: string;
}

/**
 * Every reason why the open file is not locked down for `uid`, the file first, then its folders
 * from the top. The folders are those of the path that the kernel gives for the descriptor, so a
 * link that is swapped after the opening changes nothing.
 */
export function laxities(fd: number, stats: Stats, path: string, uid: number): Laxity[] {
  const found = fileLaxities(stats, path, uid);
  if (found.some(({ code }) => code === "not-a-file")) return found;
  const real = truePath(fd, path);
  const now = lookAt(real);
  if (now === undefined || now.ino !== stats.ino || now.dev !== stats.dev) {
    found.push(moved(path, real));
    return found;
  }
  for (const folder of foldersOf(real)) {
    found.push(...folderLaxities(lstatSync(folder), folder, uid));
  }
  return found;
}

/** Judges a folder that holds archives, without those above it. */
export function folderLaxities(stats: Stats, path: string, uid: number): Laxity[] {
  const found: Laxity[] = [];
  const who = uid === 0 ? "root" : `root or uid ${uid}`;
  if (stats.uid !== 0 && stats.uid !== uid) {
    found.push({
      code: "directory-owner",
      path,
      what: `the folder ${path} belongs to another user, who can exchange what is in it`,
      found: `owner uid ${stats.uid}`,
      allowed: `owner ${who}`,
      next: `move the archive to a folder of ${who}, or take the folder over: cryoscope secure ${quote(path)}`,
    });
  }
  const sticky = (stats.mode & 0o1000) !== 0;
  if ((stats.mode & 0o022) !== 0 && !sticky) {
    found.push({
      code: "directory-mode",
      path,
      what: `the folder ${path} can be written by others, who can exchange what is in it`,
      found: `mode ${formatMode(stats.mode)}`,
      allowed: "no write permission for group and others",
      next: `cryoscope secure ${quote(path)}`,
    });
  }
  return found;
}

function fileLaxities(stats: Stats, path: string, uid: number): Laxity[] {
  if (!stats.isFile()) {
    return [
      {
        code: "not-a-file",
        path,
        what: `${path} is no regular file`,
        found: kindOf(stats),
        allowed: "a regular file",
        next: stats.isDirectory()
          ? `list what is in it: cryoscope list ${quote(path)}`
          : "name the archive itself",
      },
    ];
  }
  const found: Laxity[] = [];
  if (stats.uid !== uid) {
    found.push({
      code: "owner",
      path,
      what: `${path} belongs to another user`,
      found: `owner uid ${stats.uid}`,
      allowed: uid === 0 ? "owner root (uid 0)" : `owner uid ${uid}, the caller`,
      next:
        uid === 0
          ? `cryoscope secure ${quote(path)} (as root), or for your own copy --permissions owner`
          : `copy it to a file of your own with mode 0600, or use --permissions root`,
    });
  }
  if ((stats.mode & 0o077) !== 0) {
    found.push({
      code: "mode",
      path,
      what: `${path} can be ${accessWord(stats.mode)} by others; it holds memory, keys and passwords`,
      found: `mode ${formatMode(stats.mode)}`,
      allowed: "no permission for group and others (0600)",
      next: `cryoscope secure ${quote(path)}`,
    });
  }
  return found;
}

/** What others can do with a file of this mode. */
export function accessWord(mode: number): string {
  const words: string[] = [];
  if ((mode & 0o044) !== 0) words.push("read");
  if ((mode & 0o022) !== 0) words.push("written");
  if (words.length === 0) words.push("executed");
  return words.join(" and ");
}

function moved(path: string, real: string): Laxity {
  return {
    code: "moved",
    path,
    what: `${path} was exchanged or deleted while it was opened`,
    found: real === path ? "another file at that path" : `no such file at ${real}`,
    allowed: "the file that was opened",
    next: "find out who changes files in that folder, then try again",
  };
}

/** The path of an open descriptor as the kernel knows it; elsewhere than on Linux, the real path. */
function truePath(fd: number, path: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return realpathSync(path);
  }
}

/** All folders of an absolute path, from the root down. */
export function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isCharacterDevice() || stats.isBlockDevice() ? "a device" : "something else";
}

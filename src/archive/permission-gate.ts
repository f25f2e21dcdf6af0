import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchiveError, RefusedError } from "../base/errors.ts";
import type { Problem } from "../base/problem.ts";
import { formatMode } from "../base/units.ts";
import { callerUid } from "./caller.ts";

/** Who may own an archive and its folders before we read it. */
export type PermissionPolicy = "root" | "owner" | "any";

export const permissionPolicies: readonly PermissionPolicy[] = ["root", "owner", "any"];

/** A file that passed the gate. The caller closes `handle`. */
export interface OpenedFile {
  handle: FileHandle;
  stats: Stats;
  /** Findings that the policy let pass. */
  problems: Problem[];
}

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

const openFlags =
  constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Opens a file and asks, on the open descriptor and before any byte is read, whether only its
 * owner could have written or read it.
 * @throws RefusedError with the mend, or ArchiveError when there is nothing to open.
 */
export async function openGated(path: string, policy: PermissionPolicy): Promise<OpenedFile> {
  const handle = await openNoFollow(path, policy);
  try {
    const stats = await handle.stat();
    return { handle, stats, problems: await judge(handle.fd, stats, path, policy) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Judges an open file by a policy.
 * @returns the findings that the policy lets pass.
 * @throws RefusedError for the first that it does not.
 */
export async function judge(
  fd: number,
  stats: Stats,
  path: string,
  policy: PermissionPolicy,
): Promise<Problem[]> {
  const lax = await laxities(fd, stats, path, await rightfulOwner(policy, stats));
  const fatal = lax.find(({ code }) => policy !== "any" || code === "not-a-file");
  if (fatal !== undefined) throw refusal(fatal, policy);
  return lax.map(asProblem);
}

/** The uid that a policy wants. With `any`, what the caller owns is measured as the caller's. */
export async function rightfulOwner(policy: PermissionPolicy, { uid }: Stats): Promise<number> {
  if (policy === "root" || (policy === "any" && uid === 0)) return 0;
  return callerUid();
}

/**
 * Every reason why the open file is not locked down for `uid`, the file first, then its folders
 * from the top. The folders are those of the path that the kernel gives for the descriptor, so a
 * link that is swapped after the opening changes nothing.
 */
export async function laxities(
  fd: number,
  stats: Stats,
  path: string,
  uid: number,
): Promise<Laxity[]> {
  const found = fileLaxities(stats, path, uid);
  if (found.some(({ code }) => code === "not-a-file")) return found;
  const real = await truePath(fd, path);
  const now = await lstat(real).catch(() => undefined);
  if (now === undefined || now.ino !== stats.ino || now.dev !== stats.dev) {
    found.push(moved(path, real));
    return found;
  }
  for (const folder of foldersOf(real)) {
    const folderStats = await lstat(folder);
    found.push(...folderLaxities(folderStats, folder, uid));
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

function accessWord(mode: number): string {
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

async function openNoFollow(path: string, policy: PermissionPolicy): Promise<FileHandle> {
  try {
    return await open(path, openFlags);
  } catch (error) {
    throw await openFailure(error as NodeJS.ErrnoException, path, policy);
  }
}

async function openFailure(
  error: NodeJS.ErrnoException,
  path: string,
  policy: PermissionPolicy,
): Promise<Error> {
  if (error.code === "ELOOP" || error.code === "EMLINK") {
    const target = await realpath(path).catch(() => undefined);
    return new RefusedError({
      code: "symlink",
      what: `${path} is a symbolic link, and links are never followed to an archive`,
      where: { path },
      found: target === undefined ? "a link that leads nowhere" : `a link to ${target}`,
      allowed: "a regular file",
      next:
        target === undefined
          ? "name the archive itself"
          : `name the archive itself: ${quote(target)}`,
      cause: error,
    });
  }
  if (error.code === "EACCES" || error.code === "EPERM") {
    const uid = await callerUid();
    return new RefusedError({
      code: "no-access",
      what: `you may not read ${path}`,
      where: { path },
      found: `caller uid ${uid}`,
      allowed: "root, who owns checkpoint archives",
      next:
        uid === 0 || policy === "any"
          ? "check the mount, ACLs and security modules (ls -lZ, getfacl)"
          : `run it as root: sudo cryoscope …; or have root give you a copy of your own and add --permissions owner`,
      cause: error,
    });
  }
  return new ArchiveError({
    what:
      error.code === "ENOENT"
        ? `there is no file ${path}`
        : `${path} cannot be opened (${error.code})`,
    where: { path },
    next: "list what is there: cryoscope list",
    cause: error,
  });
}

/** The path of an open descriptor as the kernel knows it; elsewhere than on Linux, the real path. */
async function truePath(fd: number, path: string): Promise<string> {
  return readlink(`/proc/self/fd/${fd}`).catch(() => realpath(path));
}

/** All folders of an absolute path, from the root down. */
export function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

function refusal(lax: Laxity, policy: PermissionPolicy): RefusedError {
  const { code, what, found, allowed, path, next } = lax;
  const other =
    policy === "any" ? "" : "; to read it as it is: --permissions any (a finding in every report)";
  return new RefusedError({ code, what, found, allowed, where: { path }, next: next + other });
}

function asProblem(lax: Laxity): Problem {
  return {
    severity: "warning",
    code: `permissions-${lax.code}`,
    message: `${lax.what} (${lax.found}; allowed ${lax.allowed}); mend: ${lax.next}`,
    where: { path: lax.path },
  };
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isCharacterDevice() || stats.isBlockDevice() ? "a device" : "something else";
}

/** A path as it can be pasted into a shell. */
export function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

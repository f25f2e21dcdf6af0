import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ArchiveError, RefusedError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";
import { formatMode } from "../base/units.ts";

/** What `secure` found and left, for one path. */
export interface Secured {
  path: string;
  kind: "file" | "directory";
  before: { mode: number; uid: number; gid: number };
  after: { mode: number; uid: number; gid: number };
  changed: boolean;
}

interface SecureOptions {
  /** Owner to set; -1 keeps the group, as for `chown`. */
  uid: number;
  gid: number;
  /** Say what would be done and do nothing. */
  dryRun?: boolean;
}

/**
 * Puts owner and mode of an archive (0600) or a folder (no write for others) right, on the open
 * descriptor. Links are never followed, and a file with other names is left alone: one of them
 * might be a file of the system.
 */
export async function secure(path: string, options: SecureOptions): Promise<Secured> {
  const handle = await openForChange(path);
  try {
    const stats = await handle.stat();
    const kind = kindOf(stats, path);
    const before = { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
    // Setuid and setgid go; a sticky folder stays sticky.
    const mode = kind === "file" ? 0o600 : before.mode & 0o1755;
    const gid = options.gid === -1 ? before.gid : options.gid;
    const after = { mode, uid: options.uid, gid };
    // A file that is already tighter (0400) is left as tight as it is.
    if (kind === "file" && (before.mode & 0o7177) === 0) after.mode = before.mode;
    const changed =
      before.mode !== after.mode || before.uid !== after.uid || before.gid !== after.gid;
    if (changed && options.dryRun !== true) await change(handle, path, before, after);
    return { path, kind, before, after, changed };
  } finally {
    await handle.close();
  }
}

async function change(
  handle: FileHandle,
  path: string,
  before: Secured["before"],
  after: Secured["after"],
): Promise<void> {
  try {
    // Shut first, then hand over: no moment at which a new owner meets old permissions.
    await handle.chmod(before.mode & after.mode);
    if (before.uid !== after.uid || before.gid !== after.gid) {
      await handle.chown(after.uid, after.gid);
    }
    await handle.chmod(after.mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new RefusedError({
      what: `owner or mode of ${path} cannot be changed (${code})`,
      where: { path },
      found: `owner uid ${before.uid}, mode ${formatMode(before.mode)}`,
      allowed: "the owner may change the mode, only root the owner",
      next: `run it as root: sudo cryoscope secure ${quote(path)}; or, for your own copy: cryoscope secure --permissions owner ${quote(path)}`,
      cause: error,
    });
  }
}

async function openForChange(path: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new ArchiveError({ what: `there is no file ${path}`, where: { path }, cause: error });
    }
    const link = code === "ELOOP" || code === "EMLINK";
    throw new RefusedError({
      what: link
        ? `${path} is a symbolic link, and secure never follows links`
        : `${path} cannot be opened (${code})`,
      where: { path },
      next: link
        ? "name the archive itself"
        : `run it as root: sudo cryoscope secure ${quote(path)}`,
      cause: error,
    });
  }
}

function kindOf(stats: Stats, path: string): Secured["kind"] {
  if (stats.isDirectory()) return "directory";
  if (!stats.isFile()) {
    throw new RefusedError({
      what: `${path} is neither a regular file nor a folder`,
      where: { path },
      next: "name the archive itself",
    });
  }
  if (stats.nlink > 1) {
    throw new RefusedError({
      what: `${path} has other names (hard links), so changing it would change them too`,
      where: { path },
      found: `${stats.nlink} links`,
      allowed: "1",
      next: `find them (find / -xdev -inum ${stats.ino}) and remove those that do not belong, or copy the archive`,
    });
  }
  return "file";
}

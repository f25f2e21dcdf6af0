import { type Dirent, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { ArchiveError, RefusedError } from "../base/errors.ts";
import { isRemote } from "../base/remote-name.ts";

/** Where the kubelet writes checkpoints, unless its root folder was moved. */
export const kubeletCheckpoints = "/var/lib/kubelet/checkpoints";

const archiveName = /\.(tar|tgz|tzst|tar\.(gz|zst|xz|bz2))$/;

/**
 * The archives that paths stand for: a file is itself, a folder stands for the archives directly
 * in it, a folder of CRIU images or of an unpacked archive is itself, and so is an address. Sorted by
 * name in each folder.
 */
export async function findArchives(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!isRemote(path) && look(path).isDirectory()) found.push(...inFolder(path));
    else found.push(path);
  }
  return found;
}

function look(path: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw unreachable(path, error as NodeJS.ErrnoException);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreachable(folder, error as NodeJS.ErrnoException);
  }
}

function inFolder(folder: string): string[] {
  const entries = entriesOf(folder);
  const names = new Set(entries.map(({ name }) => name));
  if (names.has("pstree.img") || names.has("inventory.img") || names.has("config.dump")) {
    return [folder];
  }
  return entries
    .filter((entry) => !entry.isDirectory() && archiveName.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
}

function unreachable(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new RefusedError({
      what: `you may not look into ${path}`,
      where: { path },
      next: "run it as root (sudo)",
      cause: error,
    });
  }
  return new ArchiveError({
    what: `there is no ${path}`,
    where: { path },
    next: "name an archive or a folder: cryoscope list DIR (a kubelet with another --root-dir has its own)",
    cause: error,
  });
}

import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../base/shell.ts";
import { formatMode } from "../base/units.ts";
import { accessWord, folderLaxities, foldersOf, type Laxity } from "./laxity.ts";
import type { TarMember } from "./member.ts";

/**
 * Why a folder that is read as an archive is not locked down for `uid`: the folders above it, itself,
 * and the first of its files that others can get at. What lies behind a folder that they cannot
 * enter is out of their reach, whatever its own mode is.
 */
export async function directoryLaxities(
  path: string,
  stats: Stats,
  members: readonly TarMember[],
  uid: number,
): Promise<Laxity[]> {
  const found: Laxity[] = [];
  let reachable = canEnter(stats.mode);
  for (const folder of foldersOf(await realpath(path))) {
    const above = await lstat(folder);
    reachable &&= canEnter(above.mode);
    found.push(...folderLaxities(above, folder, uid));
  }
  found.push(...folderLaxities(stats, path, uid));
  const open = reachable ? members.find(isOpen) : undefined;
  if (open !== undefined) found.push(openFile(path, open));
  return found;
}

function canEnter(mode: number): boolean {
  return (mode & 0o011) !== 0;
}

function isOpen({ type, mode }: TarMember): boolean {
  return type === "file" && (mode & 0o066) !== 0;
}

function openFile(folder: string, { name, mode }: TarMember): Laxity {
  const path = join(folder, name);
  return {
    code: "mode",
    path,
    what: `${path} can be ${accessWord(mode)} by others; a dump holds memory, keys and passwords`,
    found: `mode ${formatMode(mode)}, in a folder that others can enter`,
    allowed: "files of 0600, or a folder of 0700",
    next: `chmod 700 ${quote(folder)}`,
  };
}

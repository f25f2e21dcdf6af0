import { normalPath } from "../../checkpoint/needs/spec.ts";

/** Folders in which anybody may make files: programs are not at home there. */
const open = ["/tmp", "/var/tmp", "/dev/shm", "/run/user", "/dev/mqueue"];

/** The folder of a path that anybody may write to; undefined where it lies in none. */
export function openFolder(path: string): string | undefined {
  return folderOf(path, open);
}

/** The first of some folders that a path is, or lies in. */
export function folderOf(path: string, folders: readonly string[]): string | undefined {
  const normal = normalPath(path);
  return folders.find((folder) => normal === folder || normal.startsWith(`${folder}/`));
}

import { lstat, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { HoldingFolder } from "./holding.ts";

/** How a file is called that is not whole: an archive on its way, a report or a state that replaces one. */
const partialName = /\.partial$/;
/** Partial files of one folder that are told. */
const mostPartials = 200;

/** Looks into folders for free space and for what was left behind. A folder that went is empty. */
export async function readFolders(paths: Iterable<string>): Promise<HoldingFolder[]> {
  const folders: HoldingFolder[] = [];
  for (const path of [...new Set(paths)].sort()) {
    const disk = await statfs(path).catch(() => undefined);
    const names = await readdir(path).catch(() => []);
    const freeBytes = disk === undefined ? null : disk.bavail * disk.bsize;
    const partials = names.filter((name) => partialName.test(name)).sort();
    const totalBytes = disk === undefined ? null : disk.blocks * disk.bsize;
    folders.push({ path, freeBytes, totalBytes, partials: await describe(path, partials) });
  }
  return folders;
}

async function describe(folder: string, names: string[]): Promise<HoldingFolder["partials"]> {
  const partials: HoldingFolder["partials"] = [];
  for (const name of names.slice(0, mostPartials)) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined || !stats.isFile()) continue;
    partials.push({ path, sizeBytes: stats.size, modifiedAt: stats.mtimeMs });
  }
  return partials;
}

import { lstat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What keeps an archive from being pruned, where something does: a file of that name. */
export async function pinOf(path: string): Promise<string | undefined> {
  for (const pin of [`${path}.keep`, join(dirname(path), ".keep")]) {
    // Whatever it is, a link to nowhere too: somebody meant it.
    if (await exists(pin)) return basename(pin);
  }
  return undefined;
}

/** A file that nobody may ask for counts as one that is there. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== "ENOENT",
  );
}

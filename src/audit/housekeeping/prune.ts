import { lstat, unlink } from "node:fs/promises";
import { basename } from "node:path";
import { below, openFolder } from "../../archive/safe-tree.ts";
import { Fault, RefusedError } from "../../base/errors.ts";
import { pinOf } from "./pins.ts";
import type { PrunePlan } from "./plan.ts";
import type { Judged, SurveyedHolding } from "./survey.ts";

/**
 * Deletes what a plan says, each file only if it is still the one that was judged. What cannot be
 * deleted is told, and the rest goes on.
 */
export async function carryOut(
  plan: PrunePlan,
  holdings: readonly SurveyedHolding[],
): Promise<PrunePlan> {
  const judged = new Map(holdings.map((holding) => [holding.path, holding]));
  const done: PrunePlan["delete"] = [];
  for (const item of plan.delete) {
    const failure = await remove(judged.get(item.path) as SurveyedHolding);
    done.push({ ...item, deleted: failure === null, failure });
  }
  const freesBytes = done.reduce(
    (sum, { deleted, diskBytes }) => sum + (deleted ? diskBytes : 0),
    0,
  );
  return { ...plan, executed: true, delete: done, freesBytes };
}

/** @returns why it is still there, or null. */
async function remove({ path, folder, file }: SurveyedHolding): Promise<string | null> {
  try {
    const handle = await openFolder(folder, folder);
    try {
      // The folder stays the same one whatever happens to its name, and a name in it is no path.
      const name = below(handle, folder, basename(path));
      const now = await lstat(name, { bigint: true });
      if (!now.isFile() || now.nlink !== 1n || !same(now, file)) throw exchanged(path);
      const pin = await pinOf(path);
      if (pin !== undefined) throw exchanged(path, `there is ${pin} now`);
      await unlink(name);
      return null;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Fault) return error.message;
    return `it cannot be deleted (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}

function same(a: Judged, b: Judged): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

function exchanged(path: string, found = "another file, or a changed one"): RefusedError {
  return new RefusedError({
    what: `${path} is no longer what was judged`,
    where: { path },
    found,
    allowed: "the same file, unchanged",
  });
}

// The compiler writes declarations of all our files; a user of the library sees those that its
// entry leads to.
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Removes the declarations below a folder that an entry does not lead to, and empty folders. */
export function keepReachable(folder, entry) {
  const kept = reachable(folder, entry);
  const paths = readdirSync(folder, { recursive: true }).sort().reverse();
  for (const path of paths) {
    const full = join(folder, path);
    const empty = statSync(full).isDirectory() ? readdirSync(full).length === 0 : !kept.has(path);
    if (empty) rmSync(full, { recursive: true });
  }
}

function reachable(folder, entry) {
  const found = new Set([entry]);
  for (const path of found) {
    const text = readFileSync(join(folder, path), "utf8");
    for (const [, target] of text.matchAll(/(?:\bfrom|\bimport\()\s*"(\.[^"]+)"/g)) {
      found.add(normalize(join(dirname(path), target)).replace(/\.ts$/, ".d.ts"));
    }
  }
  return found;
}

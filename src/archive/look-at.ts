import { lstatSync, type Stats } from "node:fs";

/**
 * What lies at a path, links not followed; undefined where nothing can be seen.
 *
 * Here and where an archive is opened the file system is asked at once: each answer takes a few
 * microseconds, and Node's promises for files take longer to load than all of these together.
 */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

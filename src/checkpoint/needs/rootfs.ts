import { type ChangedFile, type RootfsChanges, readRootfsChanges } from "../rootfs.ts";
import type { Asked, FactPlace } from "./asked.ts";

/** What the container changed in its root file system, by path. */
export interface Rootfs extends RootfsChanges {
  /** Does the archive hold a list of changes at all? */
  saved: boolean;
  find(path: string): ChangedFile | undefined;
}

export function readRootfs(asked: Asked): Promise<Rootfs> {
  return asked.once("rootfs", async () => {
    const changes = await readRootfsChanges(asked.checkpoint);
    const byPath = new Map(changes.changed.map((file) => [file.path, file]));
    const saved = asked.checkpoint.archive.find("rootfs-diff.tar") !== undefined;
    return { ...changes, saved, find: (path) => byPath.get(path) };
  });
}

/** Where the changes hold a path. */
export function changePlace(path: string): FactPlace {
  return { member: `rootfs-diff.tar!${path.slice(1)}` };
}

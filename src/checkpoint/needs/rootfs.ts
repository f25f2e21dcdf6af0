import {
  type ChangedFile,
  type RootfsChanges,
  readRootfsChanges,
} from "../../checkpoint/rootfs.ts";
import type { FindingPlace } from "../finding.ts";
import type { Subject } from "../subject.ts";

/** What the container changed in its root file system, by path. */
export interface Rootfs extends RootfsChanges {
  /** Does the archive hold a list of changes at all? */
  saved: boolean;
  find(path: string): ChangedFile | undefined;
}

export function readRootfs(subject: Subject): Promise<Rootfs> {
  return subject.once("rootfs", async () => {
    const changes = await readRootfsChanges(subject.checkpoint);
    const byPath = new Map(changes.changed.map((file) => [file.path, file]));
    const saved = subject.checkpoint.archive.find("rootfs-diff.tar") !== undefined;
    return { ...changes, saved, find: (path) => byPath.get(path) };
  });
}

/** Where the changes hold a path. */
export function changePlace(path: string): FindingPlace {
  return { member: `rootfs-diff.tar!${path.slice(1)}` };
}

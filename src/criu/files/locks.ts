import type { Place } from "../../base/errors.ts";
import { safeNumber } from "../../base/u64.ts";
import { forEachEntry, type ReadContext } from "../entries.ts";
import { parseImageName } from "../image-name.ts";

/** A lock or lease on a file. */
export interface FileLock {
  kind: "posix" | "flock" | "ofd" | "lease" | `kind ${number}`;
  access: "read" | "write" | "none" | `type ${number}`;
  /** Is the lease about to be taken back? */
  breaking: boolean;
  pid: number;
  fd: number;
  /** First byte, and how many; 0 means up to the end, however far that moves. */
  start: number | undefined;
  length: number | undefined;
  place: Place;
}

// CRIU's own numbers of kinds (`include/file-lock.h`).
const kinds: Record<number, FileLock["kind"]> = { 1: "posix", 2: "flock", 4: "ofd", 8: "lease" };
const accesses: Record<number, FileLock["access"]> = { 0: "read", 1: "write", 2: "none" };

const leaseBreaking = 4;

/** Reads all locks: filelocks.img, or one such image a process as CRIU before 1.4 wrote them. */
export async function readLocks(context: ReadContext): Promise<FileLock[]> {
  const locks: FileLock[] = [];
  for (const name of [...context.folder.names()].sort()) {
    if (parseImageName(name)?.type !== "FILE_LOCKS") continue;
    await forEachEntry(context, name, "file_lock_entry", ({ entry, place }) => {
      const kind = kinds[entry.flag] ?? `kind ${entry.flag}`;
      const breaking = kind === "lease" && (entry.type & leaseBreaking) !== 0;
      const type = breaking ? entry.type & ~leaseBreaking : entry.type;
      locks.push({
        kind,
        access: accesses[type] ?? `type ${type}`,
        breaking,
        pid: entry.pid,
        fd: entry.fd,
        start: safeNumber(entry.start),
        length: safeNumber(entry.len),
        place,
      });
    });
  }
  return locks;
}

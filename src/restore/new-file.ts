import { type FileHandle, link, lstat, rename, rm } from "node:fs/promises";
import { createPrivateFile } from "../archive/private-file.ts";
import { removeTree } from "../archive/remove-tree.ts";
import { RefusedError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";

/** Called before a file or folder is made and after it is whole, so that a cut can be cleaned up. */
export type Partial = (path: string, state: "begun" | "done") => void;

/** @throws {RefusedError} where there is something of that name, or a part of it. */
export async function requireNew(path: string): Promise<void> {
  const there = await lstat(path).then(
    () => true,
    () => false,
  );
  if (there) throw taken(path);
}

function taken(path: string): RefusedError {
  return new RefusedError({
    code: "exists",
    what: `${path} exists already, and nothing is ever overwritten`,
    where: { path },
    next: `choose another name, or remove it first: rm -r ${quote(path)}`,
  });
}

function unwritten(path: string, error: unknown): RefusedError {
  const { code = "no reason given" } = error as NodeJS.ErrnoException;
  return new RefusedError({
    code: code === "ENOSPC" || code === "EDQUOT" ? "disk-full" : "unwritable",
    what: `${path} cannot be written, and no part of it was left there`,
    where: { path },
    found: code,
    next: `make room, or choose a folder on another disk: df -h ${quote(path)}`,
    cause: error,
  });
}

/**
 * Does work on a partial name beside `path`, and takes back all of it where it fails.
 * @param work makes `partial`, and gives it its name with `settle`
 */
export async function whole<T>(
  path: string,
  partial: Partial,
  work: (part: string) => Promise<T>,
): Promise<T> {
  await requireNew(path);
  const part = `${path}.partial`;
  // What is there is not ours to remove.
  await requireNew(part);
  partial(part, "begun");
  try {
    return await work(part);
  } catch (error) {
    removeTree(part);
    // What the disk says has a system call's name; faults and bugs have not.
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : unwritten(path, error);
  } finally {
    partial(part, "done");
  }
}

/** Gives a whole file its name without replacing anything. */
export async function settleFile(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw taken(path);
    // Not every file system knows two names of one file.
    await requireNew(path);
    await rename(part, path);
    return;
  }
  await rm(part);
}

/** Makes a private file of a few bytes. */
export async function putFile(path: string, bytes: Uint8Array): Promise<void> {
  await withFile(path, (file) => writeAll(file, bytes, 0));
}

/** Makes a private file and closes it whatever happens: disks far away say then that they are full. */
export async function withFile<T>(
  path: string,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await createPrivateFile(path);
  let result: T;
  try {
    result = await work(file);
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
  await file.close();
  return result;
}

/** Writes all of it at a place of the file. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

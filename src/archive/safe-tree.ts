import { constants, existsSync } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { Fault, RefusedError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";

/** Ways into a tree that somebody else may change meanwhile. No link is followed. */

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/**
 * Opens the folder at `parts` below a root, making what is missing.
 * @param name of the member that wants it, for faults
 */
export async function descend(
  root: string,
  parts: readonly string[],
  name: string,
): Promise<FileHandle> {
  let current = await openFolder(root, root);
  let shown = root;
  for (const part of parts) {
    if (part === "") continue;
    const path = below(current, shown, part);
    shown = `${shown}/${part}`;
    try {
      await mkdir(path, { mode: 0o700 }).catch(ignoreExisting);
      const next = await openFolder(path, shown);
      await current.close();
      current = next;
    } catch (error) {
      await current.close();
      throw error instanceof Fault ? error.at({ member: name }) : cannot(shown, error);
    }
  }
  return current;
}

const hasDescriptors = existsSync("/proc/self/fd");

/**
 * A path to something in an open folder. Where the system has no `/proc` (macOS) it is the plain
 * path, which somebody who may write to the tree could redirect meanwhile.
 */
export function below(folder: FileHandle, shown: string, name: string): string {
  return hasDescriptors ? `/proc/self/fd/${folder.fd}/${name}` : `${shown}/${name}`;
}

export async function openFolder(path: string, shown: string): Promise<FileHandle> {
  try {
    return await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP" || code === "ENOTDIR") {
      throw new RefusedError({
        what: `${shown} is a link or no folder, and nothing is written through it`,
        where: { path: shown },
        next: "extract into an empty folder",
        cause: error,
      });
    }
    throw cannot(shown, error);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

/** The fault for a path that cannot be written. */
export function cannot(path: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") {
    return new RefusedError({
      what: `${path} exists already, and nothing is ever overwritten`,
      where: { path },
      next: `extract into an empty folder, or remove it first: rm ${quote(path)}`,
      cause: error,
    });
  }
  if (code === undefined) throw error;
  return new RefusedError({
    what: `${path} cannot be written (${code})`,
    where: { path },
    next: "choose a folder that exists and that you may write to",
    cause: error,
  });
}

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { RefusedError, RemoteError } from "../../base/errors.ts";
import type { ArchivePath } from "./archive-path.ts";
import { bring } from "./bring.ts";
import type { Fetched, FetchMeans, Landing } from "./fetch.ts";

const blockBytes = 1024 * 1024;

/**
 * Opens an archive that lies on this machine.
 * @returns undefined where there is none of that name.
 * @throws {RefusedError} where we may not read it, or it is no regular file.
 */
export async function openHere(path: string): Promise<FileHandle | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw refused(path, error.code ?? "no reason given");
    },
  );
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  throw refused(path, "no regular file");
}

function refused(path: string, found: string): RefusedError {
  return new RefusedError({
    code: "archive-forbidden",
    what: "the archive lies on this machine and cannot be read",
    where: { path },
    found,
    allowed: "who may read the kubelet's files: root",
    next: "run it as root (sudo)",
  });
}

/** Copies an archive of this machine. Closes `file`. */
export async function bringByPath(
  file: FileHandle,
  archive: ArchivePath,
  landing: () => Promise<Landing>,
  removeRemote: boolean,
  means: FetchMeans,
): Promise<Fetched> {
  const source = {
    way: "path" as const,
    size: async () => (await file.stat()).size,
    copy: async (output: (bytes: Uint8Array) => Promise<void>) => {
      for await (const block of blocks(file, means.signal)) await output(block);
    },
    digest: async () => {
      const hash = createHash("sha256");
      for await (const block of blocks(file, means.signal)) hash.update(block);
      return hash.digest("hex");
    },
    remove: () => unlink(archive.path),
  };
  try {
    return await bring(source, archive, await landing(), removeRemote, means);
  } finally {
    await file.close();
  }
}

/** The block is used again for the next. */
async function* blocks(file: FileHandle, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(blockBytes);
  for (let at = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(block, 0, block.length, at).catch((error) => {
      throw new RemoteError({
        code: "fetch-read",
        what: "the archive cannot be read to its end",
        found: (error as NodeJS.ErrnoException).code ?? "no reason given",
        next: "look at the disk: dmesg",
      });
    });
    if (bytesRead === 0) return;
    yield block.subarray(0, bytesRead);
    at += bytesRead;
  }
}

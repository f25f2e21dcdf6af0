import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { FileSource } from "../../archive/file-source.ts";
import { openArchive } from "../../archive/open-archive.ts";
import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";

/** The files of an image, by their paths in its layout. */
export interface BlobStore {
  /** Undefined where there is none of that name. */
  find(name: string): Promise<ByteSource | undefined>;
  close(): Promise<void>;
}

/** An image in a folder. Names come from documents that we checked, but links are not followed. */
export function folderStore(path: string): BlobStore {
  const opened: { close(): Promise<void> }[] = [];
  return {
    async find(name) {
      const file = join(path, name);
      const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
          throw new ArchiveError({
            what: `${file} cannot be opened (${error.code})`,
            where: { path: file },
            next: "name the folder of an OCI image that you may read",
            cause: error,
          });
        },
      );
      if (handle === undefined) return undefined;
      opened.push(handle);
      const stats = await handle.stat();
      return stats.isFile() ? new FileSource(handle.fd, stats.size, file) : undefined;
    },
    async close() {
      for (const handle of opened) await handle.close();
    },
  };
}

/**
 * An image in a tar. Anybody may own it: it is what the user names, and no secret.
 * @param spool folder for a private, unlinked copy of a tar that is compressed
 */
export async function archiveStore(path: string, spool: string): Promise<BlobStore> {
  const archive = await openArchive(path, { permissions: "any", spool });
  return {
    async find(name) {
      const member = archive.find(name);
      if (member === undefined || !archive.hasContent(member)) return undefined;
      return archive.open(member);
    },
    close: () => archive.close(),
  };
}

import { constants } from "node:fs";
import { chmod, copyFile, open } from "node:fs/promises";
import type { Compression } from "../../archive/compression.ts";
import { FileSource } from "../../archive/file-source.ts";
import { withFile, writeAll } from "../new-file.ts";
import { type LayerOrigin, type PackedLayer, type Put, packLayer } from "./pack.ts";

/** Packs the archive into a file of its own. */
export async function writeLayer(
  archive: LayerOrigin,
  compression: Compression,
  file: string,
  pass: (bytes: number) => void,
): Promise<PackedLayer> {
  return withFile(file, async (handle) => {
    let at = 0;
    const put: Put = (bytes) => {
      const from = at;
      at += bytes.length;
      return writeAll(handle, bytes, from);
    };
    return packLayer(archive, compression, put, pass);
  });
}

/**
 * Lets the file system share the archive's blocks, where it can do that (Btrfs, XFS), and hashes
 * what is there then. Undefined where it cannot, or where the bytes have to change.
 */
export async function cloneLayer(
  archive: LayerOrigin,
  compression: Compression,
  file: string,
  pass: (bytes: number) => void,
): Promise<PackedLayer | undefined> {
  const place = archive.source?.inFile?.();
  if (place === undefined || place.offset !== 0 || compression !== archive.compression) {
    return undefined;
  }
  const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants;
  try {
    // By the descriptor: what was judged is what is cloned.
    await copyFile(`/proc/self/fd/${place.fd}`, file, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
  } catch {
    return undefined;
  }
  await chmod(file, 0o600);
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const source = new FileSource(handle.fd, size, file);
    const clone = { path: file, source, compression, directory: false };
    return await packLayer(clone, compression, undefined, pass);
  } finally {
    await handle.close();
  }
}

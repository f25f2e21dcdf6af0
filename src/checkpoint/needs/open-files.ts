import type { FileModel } from "../../criu/files/file-model.ts";
import type { OpenFile, Watch } from "../../criu/files/open-file.ts";

/** Terminals whose master nobody in the container has. */
export function outsideTerminals({ files }: FileModel): OpenFile[] {
  const masters = new Set(
    files.flatMap(({ details: { terminal: tty } }) => (tty?.end === "master" ? [tty.index] : [])),
  );
  return files.filter(({ details: { terminal: tty } }) => {
    return tty?.type === "external" || (tty?.end === "slave" && !masters.has(tty.index));
  });
}

/** Rings of io_uring. */
export function ioUrings({ files }: FileModel): OpenFile[] {
  return files.filter(({ path }) => path?.includes("anon_inode:[io_uring]") === true);
}

/** Watched files that CRIU knows by a handle of the file system alone. */
export function pathlessWatches({ details }: OpenFile): Watch[] {
  return (details.watches ?? []).filter(
    ({ path, mountId, inode }) =>
      (path === undefined || path === "") && mountId === undefined && inode !== undefined,
  );
}

/** Bytes that CRIU saved of a deleted file. */
export function ghostBytes({ deleted }: OpenFile): number {
  if (deleted?.how !== "ghost") return 0;
  return (deleted.ghost?.chunks ?? []).reduce((sum, { length }) => sum + length, 0);
}

/** What CRIU saves of a deleted file without being told (`DEFAULT_GHOST_LIMIT`). */
export const defaultGhostLimit = 1024 * 1024;

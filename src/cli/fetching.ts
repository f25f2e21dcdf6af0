import { RefusedError } from "../base/errors.ts";
import { isRemote } from "../base/remote-name.ts";
import { sanitize } from "../base/text.ts";
import { formatBytes } from "../base/units.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";

type Options = Pick<CommonOptions, "maxDownload" | "quiet">;

/**
 * Says, before work that reads much of an archive which is not here, what it will fetch at most. Of
 * a compressed one all goes by in any case, and whoever opens it is told so.
 * @param reads bytes of the archive that the work may read; the whole archive without
 * @throws {RefusedError} where that is more than is allowed, before a byte of it is fetched.
 */
export async function beforeFetching(
  { archive }: Checkpoint,
  options: Options,
  io: Io,
  reads?: number,
): Promise<void> {
  if (!isRemote(archive.path) || archive.compression !== "none") return;
  const bytes = Math.min(reads ?? Number.POSITIVE_INFINITY, archive.sizeBytes ?? 0);
  const { maxDownload = Number.POSITIVE_INFINITY, quiet } = options;
  if (bytes > maxDownload) {
    throw new RefusedError({
      code: "max-download",
      what: "this would fetch more than was allowed",
      where: { url: archive.path },
      found: formatBytes(bytes),
      allowed: formatBytes(maxDownload),
      next: "if that is meant: --max-download SIZE",
    });
  }
  if (quiet === true) return;
  const said = `up to ${formatBytes(bytes)} will be fetched from ${sanitize(archive.path)}`;
  await io.err.write(`cryoscope: ${said}\n`);
}

/** Bytes of all page images: what looking through memory reads. */
export async function memoryBytes(checkpoint: Checkpoint): Promise<number> {
  const images = await checkpoint.pageImages();
  return images.reduce((sum, { bytes }) => sum + bytes, 0);
}

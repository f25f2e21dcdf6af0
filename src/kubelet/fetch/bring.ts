import { createHash } from "node:crypto";
import { Fault, RemoteError } from "../../base/errors.ts";
import { formatBytes } from "../../base/units.ts";
import type { ArchivePath } from "./archive-path.ts";
import type { Fetched, FetchMeans, Landing, Source } from "./fetch.ts";

/**
 * Brings an archive from its source to where it is to lie, compares the hashes of both ends, and
 * only then gives it its name, and only then removes it at the source, where that was asked for.
 * Whatever fails before leaves nothing here.
 */
export async function bring(
  source: Source,
  { path }: ArchivePath,
  landing: Landing,
  removeRemote: boolean,
  means: FetchMeans,
): Promise<Fetched> {
  try {
    const total = await source.size();
    if (total !== undefined) await landing.expect(total);
    const { read, sha256 } = await copy(source, landing, total, means);
    const digest = await source.digest();
    if (digest !== undefined && digest !== sha256) throw wrongHash(path, sha256, digest);
    means.signal.throwIfAborted();
    const settled = await landing.settle();
    const fault = removeRemote ? await removal(source, path) : undefined;
    return {
      path: settled,
      from: path,
      way: source.way,
      sizeBytes: read,
      sha256,
      compared: digest !== undefined,
      removed: removeRemote && fault === undefined,
      faults: fault === undefined ? [] : [fault],
    };
  } catch (error) {
    await landing.abandon();
    throw error;
  }
}

async function copy(
  source: Source,
  landing: Landing,
  total: number | undefined,
  means: FetchMeans,
): Promise<{ read: number; sha256: string }> {
  const hash = createHash("sha256");
  let read = 0;
  await source.copy(async (bytes) => {
    read += bytes.length;
    if (total !== undefined && read > total)
      throw wrongSize(total, `more than ${formatBytes(total)}`);
    hash.update(bytes);
    await landing.write(bytes);
    means.progress(read, total);
  });
  if (read === 0) throw wrongSize(total ?? 0, "nothing");
  if (total !== undefined && read !== total) throw wrongSize(total, `${read} bytes`);
  return { read, sha256: hash.digest("hex") };
}

function wrongSize(total: number, found: string): RemoteError {
  return new RemoteError({
    code: "fetch-size",
    what: "what came is not the archive: its size is wrong, and it was thrown away",
    found,
    allowed: total === 0 ? "an archive" : `${total} bytes, as on the node`,
    next: "try again; somebody may have changed the archive meanwhile",
  });
}

function wrongHash(path: string, here: string, there: string): RemoteError {
  return new RemoteError({
    code: "fetch-hash",
    what: "what came is not what lies on the node: the hashes differ, and it was thrown away",
    where: { path },
    found: `SHA-256 ${here}`,
    allowed: `SHA-256 ${there}, as on the node`,
    next: "try again; if it stays so, something on the way changes bytes, or somebody changes the archive",
  });
}

async function removal(source: Source, path: string): Promise<Fault | undefined> {
  try {
    await source.remove();
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const found = error instanceof Fault ? (error.detail.found ?? error.detail.what) : why;
    return new RemoteError({
      code: "not-removed",
      what: `the archive is here and whole, but could not be removed from the node: ${path}`,
      found,
      next: `remove it there: rm ${path}`,
    });
  }
}

import type { Archive } from "../../../archive/archive.ts";
import {
  type Extracted,
  type ExtractOptions,
  Extractor,
  type SparseContent,
} from "../../../archive/extract.ts";
import type { ByteSource } from "../../../base/byte-source.ts";
import { ArchiveError } from "../../../base/errors.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { type DeletedFile, deletedFiles } from "../../../checkpoint/deleted-files.ts";
import { forEachLinkedFile, type LinkedFile } from "../../../checkpoint/linked-files.ts";

/**
 * Writes the files that were deleted and whose content is in the archive, by the rules of all
 * members: those that CRIU kept, and those of which the root file system kept a link.
 */
export async function extractDeleted(
  checkpoint: Checkpoint,
  directory: string,
  options: ExtractOptions,
): Promise<Extracted[]> {
  const extractor = new Extractor(directory, options);
  const items: Extracted[] = [];
  for (const file of await deletedFiles(checkpoint)) items.push(await write(extractor, file));
  await forEachLinkedFile(checkpoint, async (file, changes) => {
    items.push(await copy(extractor, file, changes));
  });
  return items;
}

async function copy(
  extractor: Extractor,
  { name, link, member }: LinkedFile,
  changes: Archive | ArchiveError | undefined,
): Promise<Extracted> {
  if (changes instanceof ArchiveError) {
    const reason = `its link would be in rootfs-diff.tar, which cannot be read: ${changes.message}`;
    return { name, status: "failed", sizeBytes: 0, reason };
  }
  if (changes === undefined || member === undefined) {
    const kept =
      link === undefined ? "is not named" : `is ${link}, which the archive does not hold`;
    const reason = `it had other names; the link that CRIU made ${kept}`;
    return { name, status: "skipped", sizeBytes: 0, reason };
  }
  const { mode, uid, gid } = member;
  const source = changes.open(member);
  const stored = (): ReturnType<SparseContent["stored"]> => source.stored?.() ?? runs(source);
  return extractor.extractContent({ name, mode, uid, gid, size: source.size, stored });
}

async function* runs(source: ByteSource): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
  let at = 0;
  for await (const bytes of source.stream()) {
    yield { at, bytes };
    at += bytes.length;
  }
}

async function write(extractor: Extractor, file: DeletedFile): Promise<Extracted> {
  const { name, type, ghost, content } = file;
  if (content === undefined) {
    const target = ghost.linkTarget === undefined ? "" : ` to ${ghost.linkTarget}`;
    return { name, status: "skipped", sizeBytes: 0, reason: `a deleted ${type}${target}` };
  }
  const { mode, uid, gid } = ghost;
  const written = await extractor.extractContent({
    name,
    mode,
    uid,
    gid,
    size: content.size,
    stored: () => content.stored(),
  });
  if (written.status !== "written" || ghost.complete) return written;
  return {
    ...written,
    status: "failed",
    reason: "its image is damaged; what came before is written",
  };
}

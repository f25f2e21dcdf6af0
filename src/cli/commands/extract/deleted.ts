import { type Extracted, type ExtractOptions, Extractor } from "../../../archive/extract.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { type DeletedFile, deletedFiles } from "../../../checkpoint/deleted-files.ts";

/** Writes the files that were deleted and whose content CRIU kept, by the rules of all members. */
export async function extractDeleted(
  checkpoint: Checkpoint,
  directory: string,
  options: ExtractOptions,
): Promise<Extracted[]> {
  const extractor = new Extractor(directory, options);
  const items: Extracted[] = [];
  for (const file of await deletedFiles(checkpoint)) items.push(await write(extractor, file));
  return items;
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

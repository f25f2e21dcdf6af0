import { ArchiveError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { deletedFiles } from "../../checkpoint/deleted-files.ts";
import type { SavedContent } from "./save.ts";

/**
 * What CRIU kept of a deleted file.
 * @throws ArchiveError where the archive does not hold all of it.
 */
export async function deletedContent(
  checkpoint: Checkpoint,
  ghostId: number,
): Promise<SavedContent> {
  const file = (await deletedFiles(checkpoint)).find(({ ghost }) => ghost.id === ghostId);
  const where = { path: checkpoint.archive.path };
  if (file?.content === undefined) {
    throw new ArchiveError({ what: `there is no content of the deleted file ${ghostId}`, where });
  }
  if (!file.ghost.complete) {
    throw new ArchiveError({
      what: `the image of the deleted file ${ghostId} is damaged, so not all of it can be saved`,
      where: { ...where, member: file.ghost.image },
      next: `for what came before the damage: cryoscope extract --deleted -C DIR ${checkpoint.archive.path}`,
    });
  }
  const { content } = file;
  return { sizeBytes: content.size, pieces: content.stored() };
}

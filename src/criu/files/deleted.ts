import type { Place } from "../../base/errors.ts";
import type { ReadContext } from "../entries.ts";
import type { FileTable } from "./file-table.ts";
import { type GhostFile, ghostImage, readGhost } from "./ghost.ts";

/** How CRIU kept a file whose name was gone. */
export type Deleted =
  | { how: "ghost"; id: number; ghost: GhostFile | undefined }
  /** A hard link that CRIU made beside it, for files that had other names. */
  | { how: "link"; path: string | undefined; fileId: number }
  /** A file of /proc of a process that had ended. */
  | { how: "process"; pid: number };

/** Reads the ghost files that the table names, by number of the open file. */
export async function readDeleted(
  context: ReadContext,
  table: FileTable,
): Promise<Map<number, Deleted>> {
  const problem = (where: Place, message: string): void =>
    context.problems.add({ severity: "error", code: "deleted-file", message, where });
  const deleted = new Map<number, Deleted>();
  const ghosts = new Map<number, GhostFile | undefined>();
  for (const [id, { remap, place }] of table.remaps) {
    const { how } = remap;
    if (table.regular(id) === undefined) {
      problem(place, `file ${id} was deleted and is not among the open files`);
    } else if (how === "process") deleted.set(id, { how, pid: remap.id });
    else if (how === "link") {
      const path = table.regular(remap.id)?.name;
      if (path === undefined)
        problem(place, `deleted file ${id} has link ${remap.id}, which is no open file`);
      deleted.set(id, { how, path, fileId: remap.id });
    } else {
      // Many open files may be one deleted file.
      if (!ghosts.has(remap.id)) {
        ghosts.set(remap.id, await readGhost(context, remap.id));
        const image = ghostImage(remap.id);
        if (context.folder.open(image) === undefined) {
          problem(place, `deleted file ${id} has no ${image}, so its content is lost`);
        }
      }
      deleted.set(id, { how, id: remap.id, ghost: ghosts.get(remap.id) });
    }
  }
  return deleted;
}

import type { Place } from "../../base/errors.ts";
import type { Messages } from "../schema/types.ts";
import { forEachEntry, type ReadContext } from "./entries.ts";
import type { FileTable } from "./file-table.ts";
import { type GhostFile, ghostImage, readGhost } from "./ghost.ts";

/** How CRIU kept a file whose name was gone. */
export type Deleted =
  | { how: "ghost"; id: number; ghost: GhostFile | undefined }
  /** A hard link that CRIU made beside it, for files that had other names. */
  | { how: "link"; path: string | undefined; fileId: number }
  /** A file of /proc of a process that had ended. */
  | { how: "process"; pid: number };

/** The top bit of a number marked ghosts before CRIU 1.6 wrote the type. */
const ghostBit = 0x80000000;

/** Reads `remap-fpath.img` and every ghost file that it names, by number of the open file. */
export async function readDeleted(
  context: ReadContext,
  table: FileTable,
): Promise<Map<number, Deleted>> {
  const entries = new Map<number, { entry: Messages["remap_file_path_entry"]; place: Place }>();
  const problem = (where: Place, message: string): void =>
    context.problems.add({ severity: "error", code: "deleted-file", message, where });
  await forEachEntry(context, "remap-fpath.img", "remap_file_path_entry", ({ entry, place }) => {
    const { orig_id } = entry;
    if (entries.has(orig_id)) problem(place, `file ${orig_id} was deleted twice; the first counts`);
    else if (table.regular(orig_id) === undefined) {
      problem(place, `file ${orig_id} was deleted and is not among the open files`);
    } else entries.set(orig_id, { entry, place });
  });
  const deleted = new Map<number, Deleted>();
  const ghosts = new Map<number, GhostFile | undefined>();
  for (const [id, { entry, place }] of entries) {
    const how = howOf(entry);
    if (how === "process") deleted.set(id, { how, pid: entry.remap_id });
    else if (how === "link") {
      const path = table.regular(entry.remap_id)?.name;
      if (path === undefined)
        problem(place, `deleted file ${id} has link ${entry.remap_id}, which is no open file`);
      deleted.set(id, { how, path, fileId: entry.remap_id });
    } else {
      const ghostId = (entry.remap_id & ~ghostBit) >>> 0;
      // Many open files may be one deleted file.
      if (!ghosts.has(ghostId)) {
        const ghost = await readGhost(context, ghostId);
        ghosts.set(ghostId, ghost);
        if (context.folder.open(ghostImage(ghostId)) === undefined) {
          problem(
            place,
            `deleted file ${id} has no ${ghostImage(ghostId)}, so its content is lost`,
          );
        }
      }
      deleted.set(id, { how, id: ghostId, ghost: ghosts.get(ghostId) });
    }
  }
  return deleted;
}

function howOf(entry: Messages["remap_file_path_entry"]): Deleted["how"] {
  switch (entry.remap_type) {
    case undefined:
      return (entry.remap_id & ghostBit) !== 0 ? "ghost" : "link";
    case 0:
      return "link";
    case 2:
      return "process";
    default:
      return "ghost";
  }
}

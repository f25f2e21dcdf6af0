import type { Place } from "../../base/errors.ts";
import type { Messages } from "../schema/types.ts";

/** What stands for a file whose name was gone, by its number among files of its kind. */
interface Remap {
  /** `link`: a hard link that CRIU made; `process`: a file of /proc of a process that had ended. */
  how: "ghost" | "link" | "process";
  /** Of the ghost file, of the open file that is the link, or of the process. */
  id: number;
}

export interface PlacedRemap {
  remap: Remap;
  place: Place;
}

/** The top bit of a number marked ghosts before CRIU 1.6 wrote the type. */
const ghostBit = 0x80000000;

export function readRemap(entry: Messages["remap_file_path_entry"]): Remap {
  const { remap_id: id, remap_type: type } = entry;
  const marked = (id & ghostBit) !== 0;
  if (type === 2) return { how: "process", id };
  if (type === 0 || (type === undefined && !marked)) return { how: "link", id };
  return { how: "ghost", id: (id & ~ghostBit) >>> 0 };
}

import type { Archive } from "../../archive/archive.ts";
import type { TarMember } from "../../archive/member.ts";
import { partsOf } from "./root-tree.ts";
import type { TreeWriter } from "./tree-writer.ts";

const whiteout = ".wh.";
const opaque = ".wh..wh..opq";

/**
 * Lays a layer over what is there: an image's, or the changes that containerd saved. Its whiteouts
 * mean what lies below, never what the layer itself brings, whichever comes first in it.
 * (image-spec, layer.md, Whiteouts)
 * @returns how many paths were taken away
 */
export async function applyLayer(writer: TreeWriter, layer: Archive): Promise<number> {
  let removed = 0;
  for (const member of layer.members) removed += hide(writer, member);
  for (const member of layer.members) {
    if (!isMarker(member)) await writer.member(layer, member);
  }
  return removed;
}

function isMarker({ name }: TarMember): boolean {
  const parts = partsOf(name);
  return parts?.at(-1)?.startsWith(whiteout) === true;
}

function hide(writer: TreeWriter, { name }: TarMember): number {
  const parts = partsOf(name);
  const last = parts?.at(-1);
  if (parts === undefined || last?.startsWith(whiteout) !== true) return 0;
  const above = parts.slice(0, -1);
  if (last === opaque) {
    writer.tree.empty(above);
    return 1;
  }
  const hidden = last.slice(whiteout.length);
  // `.wh..wh.` begins names that aufs keeps for itself; `.wh.`, `.wh..` and `.wh...` hide no name.
  if (hidden.startsWith(whiteout) || hidden === "" || hidden === "." || hidden === "..") return 0;
  return removePath(writer, [...above, hidden]) ? 1 : 0;
}

/** Removes a path that was deleted in the container; false where it is not there. */
export function removePath({ tree }: TreeWriter, parts: readonly string[]): boolean {
  if (parts.length === 0) return false;
  const spot = tree.spot(parts, false);
  return spot !== undefined && tree.remove(spot);
}

import { canonicalName } from "../../../archive/member.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { describeContent } from "../../../checkpoint/content.ts";
import { openMember } from "../byte-space.ts";
import { DocumentTree } from "./document-tree.ts";
import { ImageTree } from "./image-tree.ts";
import type { TreeSource } from "./tree-source.ts";

/** Trees that stay open for a checkpoint: the one on the screen, and those below it. */
const most = 4;

// Trees go with their checkpoint, so one that was opened anew is read anew.
const opened = new WeakMap<Checkpoint, Map<string, Promise<TreeSource>>>();

/**
 * A member as a tree: by its name a CRIU image, or else a JSON document.
 * @throws UsageError where there is no such member; ArchiveError where it is neither.
 */
export async function openTree(
  checkpoint: Checkpoint,
  member: string,
  reveal: boolean,
): Promise<TreeSource> {
  const trees = opened.get(checkpoint) ?? new Map<string, Promise<TreeSource>>();
  opened.set(checkpoint, trees);
  const image = isImage(checkpoint, member);
  // Images are shown as they are, so they are counted once.
  const key = image ? member : `${member} ${reveal}`;
  const opening =
    trees.get(key) ??
    openMember(checkpoint, member).then(
      (source): Promise<TreeSource> =>
        image ? ImageTree.open(source) : DocumentTree.read(source, member, reveal),
    );
  trees.delete(key);
  trees.set(key, opening);
  const [oldest = ""] = trees.keys();
  if (trees.size > most) trees.delete(oldest);
  try {
    return await opening;
  } catch (error) {
    trees.delete(key);
    throw error;
  }
}

function isImage({ archive }: Checkpoint, name: string): boolean {
  const member = archive.find(canonicalName(name));
  return member !== undefined && describeContent(member).image?.framed === true;
}

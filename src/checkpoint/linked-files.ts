import type { Archive } from "../archive/archive.ts";
import { canonicalName, type TarMember } from "../archive/member.ts";
import { ArchiveError } from "../base/errors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { plainName } from "./deleted-files.ts";

/**
 * A file that was deleted under the name by which it was open and had others: CRIU does not keep
 * its content, but makes a hard link beside it (`link_remap.7`) before it dumps.
 */
export interface LinkedFile {
  /** `link-ID-BASENAME`, the number that of the link among open files, in hex; one step. */
  name: string;
  /** The link inside the container, where the images name it. */
  link: string | undefined;
  /** Where the changes to the root file system hold the link: its member there. */
  member: TarMember | undefined;
}

/**
 * Visits each such file once, with the archive that holds the changes to the root file system:
 * undefined where there is none, a fault where it cannot be read. It is closed afterwards.
 */
export async function forEachLinkedFile(
  checkpoint: Checkpoint,
  visit: (file: LinkedFile, changes: Archive | ArchiveError | undefined) => Promise<void>,
): Promise<void> {
  const links = new Map<number, { path: string | undefined; link: string | undefined }>();
  for (const { deleted, path } of (await checkpoint.files()).files) {
    if (deleted?.how !== "link" || links.has(deleted.fileId)) continue;
    links.set(deleted.fileId, { path, link: deleted.path });
  }
  // Most checkpoints have none, and then nothing has to be listed.
  const changes = links.size === 0 ? undefined : await openChanges(checkpoint);
  const archive = changes instanceof ArchiveError ? undefined : changes;
  try {
    for (const [id, { path, link }] of links) {
      const found = link === undefined ? undefined : archive?.find(canonicalPath(link));
      const member = found !== undefined && archive?.hasContent(found) ? found : undefined;
      await visit({ name: plainName(`link-${id.toString(16)}`, path), link, member }, changes);
    }
  } finally {
    await archive?.close();
  }
}

async function openChanges(checkpoint: Checkpoint): Promise<Archive | ArchiveError | undefined> {
  const member = checkpoint.archive.find("rootfs-diff.tar");
  if (member?.type !== "file") return undefined;
  try {
    return await checkpoint.nested(member);
  } catch (error) {
    if (error instanceof ArchiveError) return error;
    throw error;
  }
}

/** Paths of images begin with `/`, `./` or neither. */
function canonicalPath(path: string): string {
  return canonicalName(path.replace(/^\/+/, ""));
}

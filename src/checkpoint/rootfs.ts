import { canonicalName, type TarMember } from "../archive/member.ts";
import { ArchiveError } from "../base/errors.ts";
import type { Engine } from "../runtime/engine.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** One path that the container changed in its root file system. */
export interface ChangedFile {
  path: string;
  type: TarMember["type"];
  sizeBytes: number;
  mode: string;
  linkName?: string;
}

/** What the container changed, as far as its runtime saved it. */
export interface RootfsChanges {
  changed: ChangedFile[];
  deleted: string[];
  /** Why the list may not be whole. */
  notes: string[];
}

/** Who saves new and deleted files alone: files of the image that were changed are lost. */
export const losesChanges: Readonly<Record<Engine, boolean>> = {
  "cri-o": true,
  containerd: false,
  podman: true,
  criu: false,
  unknown: false,
};

/**
 * Lists the changes to the root file system: `rootfs-diff.tar`, and deletions from
 * `deleted.files` (Podman, CRI-O) or whiteouts (containerd).
 */
export async function readRootfsChanges(checkpoint: Checkpoint): Promise<RootfsChanges> {
  const result: RootfsChanges = { changed: [], deleted: [], notes: [] };
  const deleted = await checkpoint.documents.json("deleted.files");
  if (Array.isArray(deleted)) {
    for (const path of deleted) if (typeof path === "string") result.deleted.push(path);
  }
  const { engine } = await checkpoint.runtime();
  if (losesChanges[engine]) {
    result.notes.push(
      "Podman and CRI-O save new and deleted files; files of the image that were changed are lost",
    );
  }
  const member = checkpoint.archive.find("rootfs-diff.tar");
  if (member?.type !== "file") return result;
  try {
    const archive = await checkpoint.nested(member);
    for (const entry of archive.members) addEntry(result, entry);
    for (const { severity, message } of archive.problems) {
      if (severity === "error") result.notes.push(message);
    }
    await archive.close();
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    result.notes.push(`rootfs-diff.tar cannot be listed: ${error.message}`);
  }
  return result;
}

const whiteout = ".wh.";

function addEntry(result: RootfsChanges, member: TarMember): void {
  const path = `/${canonicalName(member.name)}`;
  const slash = path.lastIndexOf("/");
  const base = path.slice(slash + 1);
  // An opaque folder hides what the image has below it; the marker itself is no file.
  if (base === ".wh..wh..opq") {
    result.deleted.push(`${path.slice(0, slash)}/*`);
    return;
  }
  if (base.startsWith(whiteout)) {
    result.deleted.push(`${path.slice(0, slash + 1)}${base.slice(whiteout.length)}`);
    return;
  }
  const entry: ChangedFile = {
    path,
    type: member.type,
    sizeBytes: member.size,
    mode: member.mode.toString(8).padStart(4, "0"),
  };
  if (member.linkName !== undefined) entry.linkName = member.linkName;
  result.changed.push(entry);
}

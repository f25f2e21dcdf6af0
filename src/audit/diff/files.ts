import { createHash } from "node:crypto";
import type { Archive } from "../../archive/archive.ts";
import { canonicalName, type TarMember } from "../../archive/member.ts";
import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { formatTime } from "../../base/time.ts";
import { formatMode } from "../../base/units.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeContent } from "../../checkpoint/content.ts";
import { type Change, compareLists, type Item, inOrder } from "./change.ts";
import type { Pairing } from "./pairing.ts";

export interface FileId {
  /** The archive inside the archive: `rootfs-diff.tar`, `volumes/NAME.tar`. */
  member: string;
  path: string;
}

/** What is compared of a file that a container changed. */
export interface FileFacts {
  /** `deleted` for a file of the image that the container deleted. */
  type: TarMember["type"] | "deleted";
  sizeBytes: number | null;
  /** Four octal digits. */
  mode: string | null;
  uid: number | null;
  gid: number | null;
  modifiedAt: string | null;
  linkName: string | null;
  /** SHA-256, hex, of what is small on both sides; null where nobody looked. */
  sha256: string | null;
}

export type FileChange = Change<FileId, FileFacts>;
type FileItem = Item<FileId, FileFacts>;

/** Files up to this size are compared by content, as long as all together are below the second. */
const smallBytes = 64 * 1024;
const allBytes = 64 * 1024 * 1024;

/** The files of one archive inside the archive, with a way to the content of each. */
interface Tree {
  archive: Archive | undefined;
  items: FileItem[];
  members: Map<string, TarMember>;
}

/** Compares what the containers changed: root file system, volumes, /dev/shm, tmpfs. */
export async function compareFiles(
  { before, after }: Pairing,
  problems: { before: ProblemLog; after: ProblemLog },
): Promise<FileChange[]> {
  const names = new Set([...(await nestedNames(before)), ...(await nestedNames(after))]);
  const changes: FileChange[] = [];
  for (const member of [...names].sort()) {
    const one = await readTree(before, member, problems.before);
    const two = await readTree(after, member, problems.after);
    try {
      await hashSmall(one, two);
      const found = compareLists(one.items, two.items, {
        order: (a, b) => inOrder(a.path, b.path),
        unknown: ["sha256"],
      });
      for (const change of found) changes.push(change);
    } catch (error) {
      problems.after.addFault("files-not-compared", error, { member });
    } finally {
      await one.archive?.close();
      await two.archive?.close();
    }
  }
  return changes;
}

const rootfs = "rootfs-diff.tar";

async function nestedNames(checkpoint: Checkpoint): Promise<string[]> {
  const { archive } = checkpoint;
  const names = [...archive.names()].filter((name) => {
    const member = archive.find(name);
    return member?.type === "file" && describeContent(member).nested;
  });
  const deleted = archive.find("deleted.files") === undefined ? [] : [rootfs];
  return [...names, ...deleted];
}

async function readTree(checkpoint: Checkpoint, name: string, problems: ProblemLog): Promise<Tree> {
  const tree: Tree = { archive: undefined, items: [], members: new Map() };
  if (name === rootfs) await addDeleted(tree, checkpoint);
  const member = checkpoint.archive.find(name);
  if (member?.type !== "file") return tree;
  try {
    tree.archive = await checkpoint.nested(member);
  } catch (error) {
    problems.addFault("unlisted", error, { member: name });
    return tree;
  }
  for (const problem of tree.archive.problems) problems.add(problem);
  // Of members with one name the last counts, as when the archive is unpacked.
  for (const path of tree.archive.names()) {
    const found = tree.archive.find(path);
    if (found !== undefined) addMember(tree, name, found);
  }
  return tree;
}

async function addDeleted(tree: Tree, { documents }: Checkpoint): Promise<void> {
  const deleted = await documents.json("deleted.files");
  if (!Array.isArray(deleted)) return;
  for (const path of new Set(deleted)) {
    if (typeof path === "string") tree.items.push(deletion(rootfs, `/${canonicalName(path)}`));
  }
}

const whiteout = ".wh.";

function addMember(tree: Tree, member: string, found: TarMember): void {
  const path = `/${canonicalName(found.name)}`;
  const slash = path.lastIndexOf("/");
  const base = path.slice(slash + 1);
  // containerd marks what the container deleted in the manner of OCI layers.
  if (member === rootfs && base.startsWith(whiteout)) {
    const opaque = base === ".wh..wh..opq";
    const gone = opaque ? "*" : base.slice(whiteout.length);
    tree.items.push(deletion(member, `${path.slice(0, slash + 1)}${gone}`));
    return;
  }
  tree.members.set(path, found);
  tree.items.push({
    key: path,
    id: { member, path },
    facts: {
      type: found.type,
      sizeBytes: found.type === "file" ? found.size : null,
      mode: formatMode(found.mode),
      uid: found.uid,
      gid: found.gid,
      modifiedAt: timeText(found.mtime),
      linkName: found.linkName ?? null,
      sha256: null,
    },
  });
}

function deletion(member: string, path: string): FileItem {
  const facts: FileFacts = {
    type: "deleted",
    sizeBytes: null,
    mode: null,
    uid: null,
    gid: null,
    modifiedAt: null,
    linkName: null,
    sha256: null,
  };
  return { key: path, id: { member, path }, facts };
}

const farthest = 8.64e15;

function timeText(mtime: number): string | null {
  return Math.abs(mtime) > farthest ? null : formatTime(Math.floor(mtime));
}

/** Hashes files that are on both sides, of one size and small. Sizes tell of all others. */
async function hashSmall(one: Tree, two: Tree): Promise<void> {
  if (one.archive === undefined || two.archive === undefined) return;
  const old = new Map(one.items.map((item) => [item.key, item]));
  let left = allBytes;
  for (const item of two.items) {
    const counterpart = old.get(item.key);
    const size = item.facts.sizeBytes;
    if (counterpart === undefined || size === null || size === 0 || size > smallBytes) continue;
    if (counterpart.facts.sizeBytes !== size || size > left) continue;
    left -= size;
    counterpart.facts.sha256 = await hash(one.archive, one.members.get(item.key));
    item.facts.sha256 = await hash(two.archive, two.members.get(item.key));
  }
}

async function hash(archive: Archive, member: TarMember | undefined): Promise<string | null> {
  if (member === undefined || !archive.hasContent(member)) return null;
  try {
    const bytes = await archive.open(member).read(0, member.size);
    return createHash("sha256").update(bytes).digest("hex");
  } catch (error) {
    // The index told already what is wrong with the member.
    if (error instanceof ArchiveError) return null;
    throw error;
  }
}

import { createHash } from "node:crypto";
import type { TarMember } from "../../archive/member.ts";
import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { formatTime } from "../../base/time.ts";
import { formatMode } from "../../base/units.ts";
import { type Change, differing, inOrder } from "./change.ts";
import type { Pairing } from "./pairing.ts";
import { deleted, readTree, type Tree, treeMembers } from "./trees.ts";

interface FileId {
  /** The archive inside the archive that says it: `rootfs-diff.tar`. */
  member: string;
  /** In the container; in a volume, from the volume's own root on. */
  path: string;
}

/** What is compared of a file that a container changed. */
export interface FileFacts {
  /** `deleted` for a file of the image that the container deleted. */
  type: TarMember["type"] | typeof deleted;
  sizeBytes: number | null;
  /** Four octal digits. */
  mode: string | null;
  uid: number | null;
  gid: number | null;
  modifiedAt: string | null;
  linkName: string | null;
  /** SHA-256, hex, of what is small and of one size on both sides; null where nobody looked. */
  sha256: string | null;
}

export type FileChange = Change<FileId, FileFacts>;

/** Files up to this size are compared by content, as long as all together are below the second. */
const smallBytes = 64 * 1024;
const allBytes = 64 * 1024 * 1024;

/** Compares what containers changed: root file system, volumes, /dev/shm, memory file systems. */
export async function compareFiles(
  { before, after }: Pairing,
  problems: { before: ProblemLog; after: ProblemLog },
): Promise<FileChange[]> {
  const [old, now] = [await treeMembers(before), await treeMembers(after)];
  const changes: FileChange[] = [];
  for (const place of [...new Set([...old.keys(), ...now.keys()])].sort(inOrder)) {
    const one = await readTree(before, old.get(place), problems.before);
    const two = await readTree(after, now.get(place), problems.after);
    try {
      for (const change of await compareTrees(place, one, two)) changes.push(change);
    } finally {
      await one.archive?.close();
      await two.archive?.close();
    }
  }
  return changes.sort((a, b) => inOrder(a.path, b.path) || inOrder(a.member, b.member));
}

async function compareTrees(place: string, one: Tree, two: Tree): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  const content = new ContentComparison(one, two);
  for (const [name, now] of two.entries) {
    const id = { member: two.member, path: pathOf(place, name) };
    const old = one.entries.get(name);
    if (old === undefined) {
      // The root of a file system stands among the mounts.
      if (name === "") continue;
      changes.push({ ...id, change: "came", before: null, after: facts(now), fields: [] });
      continue;
    }
    const [hashBefore, hashAfter] = await content.hashes(old, now);
    if (sameMember(old, now) && hashBefore === hashAfter) continue;
    const before = { ...facts(old), sha256: hashBefore };
    const after = { ...facts(now), sha256: hashAfter };
    const fields = differing(before, after, { unknown: ["sha256"], alike });
    if (fields.length > 0) changes.push({ ...id, change: "changed", before, after, fields });
  }
  for (const [name, old] of one.entries) {
    if (name === "" || two.entries.has(name)) continue;
    const id = { member: one.member, path: pathOf(place, name) };
    changes.push({ ...id, change: "went", before: facts(old), after: null, fields: [] });
  }
  return changes;
}

/** What has no content of its own is made anew by runtimes, and its time says nothing then. */
function alike(field: keyof FileFacts, before: FileFacts, after: FileFacts): boolean {
  return field === "modifiedAt" && before.type !== "file" && after.type === before.type;
}

function pathOf(place: string, name: string): string {
  return place.startsWith("/") && place !== "/"
    ? `${place}/${name}`.replace(/\/$/, "")
    : `/${name}`;
}

type Entry = TarMember | typeof deleted;

/** Spares the many that did not change their facts. */
function sameMember(a: Entry, b: Entry): boolean {
  if (a === deleted || b === deleted) return a === b;
  return (
    a.type === b.type &&
    a.size === b.size &&
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.mtime === b.mtime &&
    a.linkName === b.linkName
  );
}

function facts(entry: Entry): FileFacts {
  if (entry === deleted) {
    return {
      type: deleted,
      sizeBytes: null,
      mode: null,
      uid: null,
      gid: null,
      modifiedAt: null,
      linkName: null,
      sha256: null,
    };
  }
  return {
    type: entry.type,
    sizeBytes: entry.type === "file" ? entry.size : null,
    mode: formatMode(entry.mode),
    uid: entry.uid,
    gid: entry.gid,
    modifiedAt: timeText(entry.mtime),
    linkName: entry.linkName ?? null,
    sha256: null,
  };
}

const farthest = 8.64e15;

function timeText(mtime: number): string | null {
  return Math.abs(mtime) > farthest ? null : formatTime(Math.floor(mtime));
}

/** Hashes files that are of one size on both sides and small. Sizes tell of all others. */
class ContentComparison {
  readonly #one: Tree;
  readonly #two: Tree;
  #left = allBytes;

  constructor(one: Tree, two: Tree) {
    this.#one = one;
    this.#two = two;
  }

  async hashes(old: Entry, now: Entry): Promise<[string | null, string | null]> {
    if (old === deleted || now === deleted) return [null, null];
    const { size } = now;
    const small = size > 0 && size <= smallBytes && size <= this.#left && old.size === size;
    const files = old.type === "file" && now.type === "file";
    if (!small || !files || !this.#one.atHand(old) || !this.#two.atHand(now)) return [null, null];
    this.#left -= size;
    return [await hash(this.#one, old), await hash(this.#two, now)];
  }
}

async function hash({ archive }: Tree, member: TarMember): Promise<string | null> {
  try {
    const bytes = await archive?.open(member).read(0, member.size);
    return bytes === undefined ? null : createHash("sha256").update(bytes).digest("hex");
  } catch (error) {
    // The index told already what is wrong with the member.
    if (error instanceof ArchiveError) return null;
    throw error;
  }
}

import type { Archive } from "../../archive/archive.ts";
import { canonicalName, type TarMember } from "../../archive/member.ts";
import { limits } from "../../base/limits.ts";
import type { ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeContent } from "../../checkpoint/content.ts";
import { parseImageName } from "../../criu/image-name.ts";

/** A file of the image that the container deleted. */
export const deleted = "deleted";

/** One archive inside the archive: changes to the root file system, a volume, a tmpfs. */
export interface Tree {
  /** Name of the archive's member. */
  member: string;
  archive: Archive | undefined;
  /** By path below the tree's root, without a slash before it. */
  entries: Map<string, TarMember | typeof deleted>;
  /** Members whose content is at hand without another pass over the archive. */
  atHand: (member: TarMember) => boolean;
}

const rootfs = "rootfs-diff.tar";

/** Archives inside the archive by where the container saw them: `/dev/shm`, `volumes/NAME.tar`. */
export async function treeMembers(checkpoint: Checkpoint): Promise<Map<string, string>> {
  const { archive } = checkpoint;
  const devices = await devicesOf(checkpoint);
  const places = new Map<string, string>();
  for (const name of archive.names()) {
    const member = archive.find(name);
    if (member?.type !== "file" || !describeContent(member).nested) continue;
    places.set(placeOf(name, devices), name);
  }
  // Podman and CRI-O say what was deleted beside the archive, which may not be there.
  if (archive.find("deleted.files") !== undefined) places.set("/", rootfs);
  return places;
}

function placeOf(name: string, devices: ReadonlyMap<string, string>): string {
  if (name === rootfs) return "/";
  if (name === "devshm-checkpoint.tar") return "/dev/shm";
  const image = parseImageName(name.slice(name.lastIndexOf("/") + 1));
  // The kernel numbers file systems anew in each run.
  return (image?.type === "TMPFS_DEV" ? devices.get(`0:${image.id}`) : undefined) ?? name;
}

/** Where the file system of each device is mounted. */
async function devicesOf(checkpoint: Checkpoint): Promise<Map<string, string>> {
  const { mounts } = await checkpoint.files();
  const devices = new Map<string, string>();
  for (const { device, mountpoint } of mounts.mounts) {
    if (!devices.has(device)) devices.set(device, mountpoint);
  }
  return devices;
}

/** Lists one; what is wrong with it becomes a problem, and the rest is compared. */
export async function readTree(
  checkpoint: Checkpoint,
  member: string | undefined,
  problems: ProblemLog,
): Promise<Tree> {
  const tree: Tree = {
    member: member ?? "",
    archive: undefined,
    entries: new Map(),
    atHand: () => true,
  };
  if (member === undefined) return tree;
  if (member === rootfs) await addDeleted(tree, checkpoint);
  const found = checkpoint.archive.find(member);
  if (found?.type !== "file") return tree;
  try {
    tree.archive = await checkpoint.nested(found);
  } catch (error) {
    problems.addFault("unlisted", error, { member });
    return tree;
  }
  for (const problem of tree.archive.problems) {
    // What is merely odd in it is told by `images --nested`, and by audits.
    if (problem.severity !== "error") continue;
    const inner = problem.where?.member;
    const name = inner === undefined ? member : `${member}!${canonicalName(inner)}`;
    problems.add({ ...problem, where: { ...problem.where, member: name } });
  }
  addMembers(tree, tree.archive, member === rootfs);
  const streamed = checkpoint.archive.compression !== "none" || tree.archive.compression !== "none";
  if (streamed) tree.atHand = keptBy(tree.archive);
  return tree;
}

async function addDeleted({ entries }: Tree, { documents }: Checkpoint): Promise<void> {
  const list = await documents.json("deleted.files");
  if (!Array.isArray(list)) return;
  for (const path of list) {
    if (typeof path === "string") entries.set(canonicalName(path.replace(/^\/+/, "")), deleted);
  }
}

const whiteout = ".wh.";

function addMembers({ entries }: Tree, archive: Archive, layers: boolean): void {
  // Of members with one name the last counts, as when the archive is unpacked.
  for (const name of archive.names()) {
    const base = name.slice(name.lastIndexOf("/") + 1);
    // containerd marks what the container deleted in the manner of OCI layers.
    if (layers && base.startsWith(whiteout)) {
      const gone = base === ".wh..wh..opq" ? "*" : base.slice(whiteout.length);
      entries.set(name.slice(0, name.length - base.length) + gone, deleted);
      continue;
    }
    const member = archive.find(name);
    if (member !== undefined) entries.set(name, member);
  }
}

/** A pass over a compressed archive keeps small members until it has kept enough. */
function keptBy(archive: Archive): (member: TarMember) => boolean {
  const kept = new Set<TarMember>();
  let left: number = limits.retainedBytes;
  for (const member of archive.members) {
    if (member.storedSize > limits.retainedMemberBytes) continue;
    left -= member.storedSize;
    if (left < 0) break;
    kept.add(member);
  }
  return (member) => kept.has(member);
}

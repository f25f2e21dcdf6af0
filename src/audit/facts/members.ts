import { canonicalName, nameHazard, type TarMember } from "../../archive/member.ts";
import { leavesTree } from "../../archive/member-collector.ts";
import { describeContent } from "../../checkpoint/content.ts";
import type { ImageName } from "../../criu/image-name.ts";
import type { Subject } from "../subject.ts";

/** The members of an archive, sorted once by what rules ask of them. */
export interface SortedMembers {
  /** Images with a magic, of those that count. */
  images: readonly { member: TarMember; image: ImageName }[];
  /** Archives inside the archive, of those that count. */
  nested: readonly TarMember[];
  /** Links, devices, folders and files where something else belongs. */
  misplaced: readonly { member: TarMember; belongs: "a file" | "a folder" }[];
  /** Links and devices under names that mean nothing; links to the outside by themselves. */
  outside: readonly TarMember[];
  links: readonly TarMember[];
  devices: readonly TarMember[];
  /** What no runtime writes. */
  unknown: readonly TarMember[];
}

type Lists = { [Key in keyof SortedMembers]: SortedMembers[Key][number][] };

/** More than is told of a rule: an archive may hold millions. */
const mostTold = 1024;

/** Folders of an archive that runtimes write into when they unpack it. */
const folders: ReadonlySet<string> = new Set([
  "checkpoint",
  "pre-checkpoint",
  "volumes",
  "artifacts",
]);

export function sortedMembers(subject: Subject): Promise<SortedMembers> {
  return subject.once("sorted members", async () => {
    const { archive } = subject.checkpoint;
    const lists: Lists = {
      images: [],
      nested: [],
      misplaced: [],
      outside: [],
      links: [],
      devices: [],
      unknown: [],
    };
    for (const member of archive.members) {
      const name = canonicalName(member.name);
      const counts = (): boolean => archive.find(name) === member && archive.hasContent(member);
      sort(member, name, lists, counts);
    }
    return lists;
  });
}

function sort(member: TarMember, name: string, lists: Lists, counts: () => boolean): void {
  const { type } = member;
  if (folders.has(name)) {
    if (type !== "directory") tell(lists.misplaced, { member, belongs: "a folder" });
    return;
  }
  const { title, image, nested } = describeContent(type === "file" ? member : asFile(name));
  if (title === "unknown") {
    sortUnknown(member, lists);
    return;
  }
  if (type !== "file") tell(lists.misplaced, { member, belongs: "a file" });
  if (image?.framed === true && counts()) lists.images.push({ member, image });
  if (nested && counts()) lists.nested.push(member);
}

/** A member under a name that means nothing. */
function sortUnknown(member: TarMember, lists: Lists): void {
  const { type } = member;
  if (type === "directory") return;
  if (type === "symlink" || type === "hardlink") {
    tell(leavesTree(member) ? lists.outside : lists.links, member);
  } else if (type !== "file" && type !== "unknown") tell(lists.devices, member);
  // Unsafe names are told by integrity/unsafe-name.
  else if (nameHazard(member.name) === undefined) tell(lists.unknown, member);
}

function tell<T>(list: T[], entry: T): void {
  if (list.length < mostTold) list.push(entry);
}

/** What a name would mean if a file had it. */
function asFile(name: string): TarMember {
  return {
    index: 0,
    name,
    type: "file",
    size: 0,
    storedSize: 0,
    mode: 0,
    uid: 0,
    gid: 0,
    mtime: 0,
    headerOffset: 0,
    dataOffset: 0,
  };
}

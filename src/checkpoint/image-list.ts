import { canonicalName, type TarMember } from "../archive/member.ts";
import { apiVersion, type Document } from "../base/document.ts";
import { ArchiveError } from "../base/errors.ts";
import { type Problem, ProblemLog } from "../base/problem.ts";
import { countEntries } from "../criu/image.ts";
import type { PageImage } from "../criu/page-images.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type ContentKind, describeContent } from "./content.ts";

/** One member as `images` lists it. Sizes in bytes. */
export interface ImageRow {
  name: string;
  kind: ContentKind;
  /** CRIU image type, or what another file is. */
  title: string;
  type: TarMember["type"];
  sizeBytes: number;
  pid: number | null;
  /** Entries of a CRIU image, heads not counted; null for files that have none. */
  entries: number | null;
  /** For page images. */
  pagesId: number | null;
  shmid: number | null;
  pages: number | null;
  /** Part of all dumped pages, 0 to 1. */
  share: number | null;
  linkName?: string;
  /** Members of an archive inside the archive, where they were asked for. */
  members?: NestedRow[];
}

export interface NestedRow {
  name: string;
  type: TarMember["type"];
  sizeBytes: number;
  mode: string;
  uid: number;
  gid: number;
  linkName?: string;
}

export interface ImageList extends Document<"ImageList"> {
  path: string;
  pageBytes: number;
  items: ImageRow[];
  problems: Problem[];
}

/** Lists every member, memory page images first, then in the archive's order. */
export async function listImages(
  checkpoint: Checkpoint,
  options: { nested?: boolean } = {},
): Promise<ImageList> {
  const problems = new ProblemLog();
  const pageImages = await checkpoint.pageImages();
  const byName = new Map(
    pageImages.map((image) => [checkpoint.images?.label(image.name) ?? image.name, image]),
  );
  const pageBytes = pageImages.reduce((sum, { bytes }) => sum + bytes, 0);
  const pages: ImageRow[] = [];
  const others: ImageRow[] = [];
  for (const member of checkpoint.archive.members) {
    const image = byName.get(canonicalName(member.name));
    if (image !== undefined) {
      pages.push(pageRow(member, image, pageBytes));
      continue;
    }
    const row = await otherRow(checkpoint, member, problems);
    if (options.nested === true) await addNested(checkpoint, member, row, problems);
    others.push(row);
  }
  pages.sort((a, b) => (a.pagesId ?? 0) - (b.pagesId ?? 0));
  return {
    apiVersion,
    kind: "ImageList",
    path: checkpoint.archive.path,
    pageBytes,
    items: [...pages, ...others],
    problems: [...checkpoint.problems, ...problems.list()],
  };
}

function emptyRow(member: TarMember): ImageRow {
  const content = describeContent(member);
  const row: ImageRow = {
    name: member.name,
    kind: content.kind,
    title: content.title,
    type: member.type,
    sizeBytes: member.size,
    pid: content.image?.idKind === "pid" ? (content.image.id ?? null) : null,
    entries: null,
    pagesId: null,
    shmid: content.image?.idKind === "shmem" ? (content.image.id ?? null) : null,
    pages: null,
    share: null,
  };
  if (member.linkName !== undefined) row.linkName = member.linkName;
  return row;
}

function pageRow(member: TarMember, image: PageImage, pageBytes: number): ImageRow {
  return {
    ...emptyRow(member),
    title: image.kind === "unclaimed" ? "memory pages without a table" : `${image.kind} memory`,
    pid: image.pid ?? null,
    pagesId: image.pagesId,
    shmid: image.shmid ?? null,
    pages: image.pages,
    share: pageBytes === 0 ? 0 : image.bytes / pageBytes,
  };
}

async function otherRow(
  checkpoint: Checkpoint,
  member: TarMember,
  problems: ProblemLog,
): Promise<ImageRow> {
  const row = emptyRow(member);
  const image = describeContent(member).image;
  if (image?.framed !== true) return row;
  try {
    const { type, entries } = await countEntries(checkpoint.archive.open(member));
    row.entries = entries;
    if (type.name !== image.type) {
      problems.add({
        severity: "error",
        code: "wrong-type",
        message: `${member.name} is named as ${image.type} and holds ${type.name}`,
        where: { member: member.name, offset: 0 },
      });
      row.title = `${type.name}, named as ${image.type}`;
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-image", error, { member: member.name });
  }
  return row;
}

async function addNested(
  checkpoint: Checkpoint,
  member: TarMember,
  row: ImageRow,
  problems: ProblemLog,
): Promise<void> {
  if (!describeContent(member).nested) return;
  try {
    const archive = await checkpoint.nested(member);
    row.members = archive.members.map(nestedRow);
    for (const problem of archive.problems) {
      // Links that point anywhere are how root file systems are made.
      if (problem.code === "unsafe-link" || problem.code === "device-member") continue;
      problems.add({ ...problem, where: { ...problem.where, path: archive.path } });
    }
    await archive.close();
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-nested-archive", error, { member: member.name });
  }
}

function nestedRow(member: TarMember): NestedRow {
  const row: NestedRow = {
    name: member.name,
    type: member.type,
    sizeBytes: member.size,
    mode: member.mode.toString(8).padStart(4, "0"),
    uid: member.uid,
    gid: member.gid,
  };
  if (member.linkName !== undefined) row.linkName = member.linkName;
  return row;
}

import { ArchiveError } from "../base/errors.ts";
import type { ProblemLog } from "../base/problem.ts";
import { formatCount } from "../base/units.ts";
import type { ImageFolder } from "./image-folder.ts";
import { type ImageName, parseImageName } from "./image-name.ts";
import { type PageMap, readPageMap } from "./page-map.ts";
import type { CriuProcess } from "./processes.ts";

/** A page image joined to the page table that describes it. Sizes in bytes. */
export interface PageImage {
  name: string;
  pagesId: number;
  /** A process's own memory, memory that processes share, or an image without a page table. */
  kind: "private" | "shared" | "unclaimed";
  pid?: number;
  shmid?: number;
  pages: number;
  bytes: number;
}

/** One page table: whose, and what it says. */
interface Claim {
  table: string;
  pid?: number;
  shmid?: number;
  map: PageMap;
}

/**
 * Joins every page image to its table, and records where the two do not fit: a table that points
 * past its image, an image that no table or more than one claims.
 */
export async function readPageImages(
  folder: ImageFolder,
  processes: readonly CriuProcess[],
  pageSize: number,
  problems: ProblemLog,
): Promise<PageImage[]> {
  const claims = new Map<number, Claim>();
  for (const claim of await readClaims(folder, processes, pageSize, problems)) {
    const other = claims.get(claim.map.pagesId);
    if (other === undefined) claims.set(claim.map.pagesId, claim);
    else {
      const message = `${claim.table} and ${other.table} both name pages-${claim.map.pagesId}.img; the first counts`;
      const where = { member: folder.label(claim.table) };
      problems.add({ severity: "error", code: "page-image-shared", message, where });
    }
  }
  const images: PageImage[] = [];
  for (const name of folder.names()) {
    const parsed = parseImageName(name);
    if (parsed?.type !== "PAGES" || parsed.idKind !== "pages" || parsed.id === undefined) continue;
    const bytes = folder.open(name)?.size;
    if (bytes === undefined) continue;
    const claim = claims.get(parsed.id);
    claims.delete(parsed.id);
    if (claim !== undefined) compare(folder, name, bytes, claim, pageSize, problems);
    images.push(describe(name, parsed.id, bytes, claim, pageSize));
  }
  for (const claim of claims.values()) missingImage(folder, claim, problems);
  return images.sort((a, b) => a.pagesId - b.pagesId);
}

async function readClaims(
  folder: ImageFolder,
  processes: readonly CriuProcess[],
  pageSize: number,
  problems: ProblemLog,
): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const { pid, pageMap } of processes) {
    if (pageMap !== undefined) claims.push({ table: `pagemap-${pid}.img`, pid, map: pageMap });
  }
  const known = new Set(claims.map(({ table }) => table));
  for (const name of folder.names()) {
    const parsed = parseImageName(name);
    // A pre-dump has page tables of processes, and says nothing else of them.
    if (parsed?.type !== "PAGEMAP" || known.has(name)) continue;
    const source = folder.open(name);
    if (source === undefined) continue;
    try {
      const map = await readPageMap(source, pageSize);
      claims.push({ table: name, ...ownerOf(parsed), map });
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      problems.addFault("broken-image", error, { member: folder.label(name) });
    }
  }
  return claims;
}

function ownerOf({ id, idKind }: ImageName): Pick<Claim, "pid" | "shmid"> {
  if (id === undefined) return {};
  return idKind === "shmem" ? { shmid: id } : { pid: id };
}

function describe(
  name: string,
  pagesId: number,
  bytes: number,
  claim: Claim | undefined,
  pageSize: number,
): PageImage {
  const image: PageImage = {
    name,
    pagesId,
    kind: claim === undefined ? "unclaimed" : claim.pid === undefined ? "shared" : "private",
    pages: Math.floor(bytes / pageSize),
    bytes,
  };
  if (claim?.pid !== undefined) image.pid = claim.pid;
  if (claim?.shmid !== undefined) image.shmid = claim.shmid;
  return image;
}

function compare(
  folder: ImageFolder,
  name: string,
  bytes: number,
  claim: Claim,
  pageSize: number,
  problems: ProblemLog,
): void {
  const expected = claim.map.presentPages * pageSize;
  if (expected === bytes) return;
  const short = expected > bytes;
  problems.add({
    severity: short ? "error" : "warning",
    code: short ? "pages-missing" : "pages-left-over",
    message: `${claim.table} describes ${formatCount(expected)} bytes in ${name}, which holds ${formatCount(bytes)}`,
    where: { member: folder.label(name), offset: Math.min(expected, bytes) },
  });
}

function missingImage(folder: ImageFolder, claim: Claim, problems: ProblemLog): void {
  if (claim.map.presentPages === 0) return;
  const name = `pages-${claim.map.pagesId}.img`;
  problems.add({
    severity: "error",
    code: "missing-image",
    message: `${claim.table} describes ${formatCount(claim.map.presentPages)} pages in ${name}, which is not in the archive`,
    where: { member: folder.label(name) },
  });
}

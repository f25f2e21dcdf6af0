import { BufferSource } from "../archive/buffer-source.ts";
import { canonicalName, type TarMember } from "../archive/member.ts";
import type { ByteRange, RetainedStore, RetainPlan, RetainPolicy } from "../archive/retained.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { AddressSpace } from "../criu/address-space.ts";
import { parseImageName } from "../criu/image-name.ts";
import { readMemoryLayout } from "../criu/memory-layout.ts";
import { type PageMap, readPageMap } from "../criu/page-map.ts";
import { defaultPageSize } from "../criu/processes.ts";

/**
 * What one pass over a compressed archive keeps: metadata, process images and page tables whole,
 * and of the page images only the pages that hold command lines and environments. The runtimes
 * write tables before pages, so those pages are known in time; where an archive was packed in
 * another order they cost a second pass.
 */
export function checkpointRetainPolicy(): RetainPolicy {
  const tables = new Map<number, { pid: number; member: TarMember }>();
  return async (member, store) => {
    const name = canonicalName(member.name);
    const image = parseImageName(name.slice(name.lastIndexOf("/") + 1));
    if (image?.type === "PAGES") return planPages(image.id, member, store, tables);
    if (image?.type === "PAGEMAP" && image.idKind === "pid" && image.id !== undefined) {
      pending(tables, image.id, member);
    }
    const cap = image?.framed === true ? limits.retainedMemberBytes : limits.retainedOtherBytes;
    const metadata = name.endsWith(".dump") || name === "status" || name === "network.status";
    return member.storedSize <= (metadata ? limits.retainedMemberBytes : cap) ? "all" : "none";
  };
}

type Tables = Map<number, { pid: number; member: TarMember }>;

/** Tables are noted by negative number until their head has been read, which needs their bytes. */
function pending(tables: Tables, pid: number, member: TarMember): void {
  tables.set(-pid, { pid, member });
}

async function planPages(
  pagesId: number | undefined,
  member: TarMember,
  store: RetainedStore,
  tables: Tables,
): Promise<RetainPlan> {
  if (member.storedSize <= limits.retainedPageBytes) return "all";
  if (pagesId === undefined) return "none";
  try {
    const claim = await claimOf(pagesId, store, tables);
    if (claim === undefined) return "none";
    return await argumentPages(claim.pid, claim.map, member, store);
  } catch (error) {
    // A broken table is told when it is read for itself.
    if (error instanceof ArchiveError) return "none";
    throw error;
  }
}

async function claimOf(
  pagesId: number,
  store: RetainedStore,
  tables: Tables,
): Promise<{ pid: number; map: PageMap } | undefined> {
  for (const [key, { pid, member }] of tables) {
    if (key >= 0 && key !== pagesId) continue;
    const bytes = store.read(member, 0, member.storedSize);
    if (bytes === undefined) continue;
    const map = await readPageMap(new BufferSource(bytes), defaultPageSize);
    tables.delete(key);
    if (map.pagesId === pagesId) return { pid, map };
    tables.set(map.pagesId, { pid, member });
  }
  return undefined;
}

async function argumentPages(
  pid: number,
  map: PageMap,
  pages: TarMember,
  store: RetainedStore,
): Promise<readonly ByteRange[]> {
  const folder = pages.name.slice(0, pages.name.lastIndexOf("/") + 1);
  const member = store.members.find(({ name }) => name === `${folder}mm-${pid}.img`);
  const bytes = member === undefined ? undefined : store.read(member, 0, member.storedSize);
  if (bytes === undefined) return [];
  const layout = await readMemoryLayout(new BufferSource(bytes));
  const source = { size: pages.storedSize } as BufferSource;
  const space = new AddressSpace({ map, pages: source }, layout?.pageSize ?? defaultPageSize);
  const ranges: ByteRange[] = [];
  for (const range of [layout?.args, layout?.env]) {
    if (range === undefined) continue;
    ranges.push(...(space.locate(range.start, range.length) ?? []));
  }
  return merge(ranges);
}

/** Sorts ranges and joins those that touch. */
function merge(ranges: ByteRange[]): ByteRange[] {
  const merged: ByteRange[] = [];
  for (const { offset, length } of ranges.toSorted((a, b) => a.offset - b.offset)) {
    const last = merged.at(-1);
    if (last !== undefined && offset <= last.offset + last.length) {
      last.length = Math.max(last.length, offset + length - last.offset);
    } else merged.push({ offset, length });
  }
  return merged;
}

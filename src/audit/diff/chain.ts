import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { parseImageName } from "../../criu/image-name.ts";
import type { PageStore } from "../../criu/memory/page-store.ts";
import { pageInParent } from "../../criu/page-map.ts";
import { stretches } from "./page-stretches.ts";

/** Pids whose page tables a dump holds: a pre-dump has nothing else that says of them. */
export function pagePids({ images }: Checkpoint): number[] {
  const pids: number[] = [];
  for (const name of images?.names() ?? []) {
    const image = parseImageName(name);
    if (image?.type === "PAGEMAP" && image.idKind === "pid" && image.id !== undefined) {
      pids.push(image.id);
    }
  }
  return pids.sort((a, b) => a - b);
}

/** Holds it pages, and nothing of the processes that they belong to? */
export function isPreDump({ images }: Checkpoint): boolean {
  return (
    images?.open("pstree.img") === undefined &&
    [...(images?.names() ?? [])].some((name) => parseImageName(name)?.type === "PAGEMAP")
  );
}

/**
 * Two checkpoints with the one that was dumped after the other joined to it, where they are such a
 * pair: all pages that the later left in the dump before are in the earlier, or behind it. A parent
 * that the caller gave stays.
 */
export async function joinChain(
  before: Checkpoint,
  after: Checkpoint,
): Promise<{ before: Checkpoint; after: Checkpoint }> {
  const joined = await follow(after, before);
  if (joined !== undefined) return { before, after: joined };
  return { before: (await follow(before, after)) ?? before, after };
}

async function follow(later: Checkpoint, earlier: Checkpoint): Promise<Checkpoint | undefined> {
  if (later.parent !== undefined) return undefined;
  // Two dumps after one pre-dump have that in common.
  for (const parent of [earlier, earlier.parent]) {
    if (parent !== undefined && (await fits(later, parent))) return later.after(parent);
  }
  return undefined;
}

/** Are there pages that were left in the dump before, and does `parent` know them all? */
async function fits(later: Checkpoint, parent: Checkpoint): Promise<boolean> {
  const pageSize = await later.pageSize();
  let left = 0;
  for (const pid of pagePids(later)) {
    const own = await later.pagesOf(pid);
    if (own === undefined || own.map.parentPages === 0) continue;
    left += own.map.parentPages;
    const old = await parent.pagesOf(pid);
    if (old === undefined || !knows(old, own, pageSize)) return false;
  }
  return left > 0;
}

function knows(parent: PageStore, { map }: PageStore, pageSize: number): boolean {
  // Both tables ascend, so one walk over each is enough.
  const there = stretches(parent, pageSize, 0n, 1n << 64n);
  let current = there.next();
  for (let at = 0; at < map.length; at++) {
    const { start, pages, flags } = map.run(at);
    if ((flags & pageInParent) === 0) continue;
    const end = start + BigInt(pages) * BigInt(pageSize);
    for (let next = start; next < end; ) {
      while (current.done !== true && current.value.end <= next) current = there.next();
      if (current.done === true || current.value.start > next) return false;
      next = current.value.end;
    }
  }
  return true;
}

import type { ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { parseImageName } from "../../criu/image-name.ts";
import type { PageStore } from "../../criu/memory/page-store.ts";
import { pageInParent } from "../../criu/page-map.ts";
import { stretches } from "./page-stretches.ts";
import type { Side } from "./pairing.ts";

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
export async function joinChain(first: Checkpoint, second: Checkpoint): Promise<Chain> {
  const after = (await follow(second, first)) ?? second;
  const before = after === second ? ((await follow(first, second)) ?? first) : first;
  return { before, after, later: laterOf(before, after) };
}

interface Chain {
  before: Checkpoint;
  after: Checkpoint;
  /** Which of them was dumped after the other, and left pages there; null for none. */
  later: Side | null;
}

function laterOf(before: Checkpoint, after: Checkpoint): Side | null {
  if (after.parent?.archive === before.archive) return "after";
  return before.parent?.archive === after.archive ? "before" : null;
}

/** Says what is taken for granted: no dump names the one before it. */
export function noteChain({ before, after, later }: Chain, problems: ProblemLog): void {
  if (later === null) return;
  const [one, two] = later === "after" ? [before, after] : [after, before];
  problems.add({
    severity: "note",
    code: "taken-for-parent",
    message: `pages that were left in the dump before are taken to be in ${one.archive.path}; what changed in another dump between the two is not told`,
    where: { path: two.archive.path },
  });
}

async function follow(later: Checkpoint, earlier: Checkpoint): Promise<Checkpoint | undefined> {
  if (later.parent !== undefined) return undefined;
  // Two dumps after one pre-dump have that in common.
  for (const parent of [earlier, earlier.parent]) {
    if (parent === undefined || !(await canFollow(later, parent))) continue;
    if (await fits(later, parent)) return later.after(parent);
  }
  return undefined;
}

/** Dumps that follow each other tell at which uptime of the machine they were made. */
async function canFollow(later: Checkpoint, parent: Checkpoint): Promise<boolean> {
  const [now, old] = [await later.inventory(), await parent.inventory()].map(
    (inventory) => inventory?.entry.dump_uptime,
  );
  return now === undefined || (old !== undefined && old < now);
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

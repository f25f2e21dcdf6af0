/** How the pages of two page tables go together. Pages, but for `changedBytes`. */
export interface PageCounts {
  /** Known to be the same: left in the dump before, or compared. */
  same: number;
  /** Compared, and not the same; null where bytes were not compared. */
  changed: number | null;
  /** Bytes that differ in those; null where bytes were not compared. */
  changedBytes: number | null;
  /** Dumped in both, and not compared. */
  uncompared: number;
  /** Dumped in the second alone, and in the first alone. */
  added: number;
  removed: number;
  /** Known to one side or both, and not at hand: in a parent that was not given, left for lazy restore. */
  unavailable: number;
}

export function noPages(compared: boolean): PageCounts {
  return {
    same: 0,
    changed: compared ? 0 : null,
    changedBytes: compared ? 0 : null,
    uncompared: 0,
    added: 0,
    removed: 0,
    unavailable: 0,
  };
}

export function addPages(to: PageCounts, from: PageCounts): void {
  to.same += from.same;
  if (from.changed !== null) to.changed = (to.changed ?? 0) + from.changed;
  if (from.changedBytes !== null) to.changedBytes = (to.changedBytes ?? 0) + from.changedBytes;
  to.uncompared += from.uncompared;
  to.added += from.added;
  to.removed += from.removed;
  to.unavailable += from.unavailable;
}

/** Is there a difference that is known? */
export function pagesDiffer({ changed, added, removed }: PageCounts): boolean {
  return added > 0 || removed > 0 || (changed ?? 0) > 0;
}

import { treePrefixes } from "../../report/tree.ts";

/** A row of a tree that folds. */
export interface Branch<Item> {
  item: Item;
  /** Branch lines before it; empty where the tree is flat. */
  prefix: string;
  /** Rows below it that are folded away. */
  hidden: number;
}

/** Rows of items in depth-first order, without what is folded away. */
export function branches<Item extends { depth: number }>(
  items: readonly Item[],
  id: (item: Item) => string,
  folded: ReadonlySet<string>,
  flat: boolean,
): Branch<Item>[] {
  if (flat) return items.map((item) => ({ item, prefix: "", hidden: 0 }));
  const rows: Branch<Item>[] = [];
  // The depth below which rows go into the count of the one that was folded.
  let closed = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const last = rows.at(-1);
    if (item.depth > closed && last !== undefined) {
      last.hidden += 1;
      continue;
    }
    closed = folded.has(id(item)) ? item.depth : Number.POSITIVE_INFINITY;
    rows.push({ item, prefix: "", hidden: 0 });
  }
  const prefixes = treePrefixes(rows.map(({ item }) => item));
  return rows.map((row, at) => ({ ...row, prefix: prefixes[at] ?? "" }));
}

/** Said behind a row whose branch is folded: ` ▸ 3`. */
export function foldedNote({ hidden }: Branch<unknown>): string {
  return hidden === 0 ? "" : `  ▸ ${hidden} more`;
}

import { treePrefixes } from "../../report/tree.ts";

/** A row of a tree that folds. */
export interface Branch<Item> {
  readonly item: Item;
  /** Branch lines before it; empty where the tree is flat. */
  prefix: string;
  /** Rows below it that are folded away. */
  hidden: number;
}

/** How a tree is made of its items, which stand in depth-first order. */
interface TreeModel<Item, Row> {
  id: (item: Item) => string;
  /** A new row of an item, without a prefix. */
  row: (item: Item) => Row;
}

/** Rows of a tree, without what is folded away; all of them where it is flat. */
export function branches<Item extends { depth: number }, Row extends Branch<Item>>(
  items: readonly Item[],
  { id, row }: TreeModel<Item, Row>,
  folded: ReadonlySet<string>,
  flat: boolean,
): Row[] {
  if (flat) return items.map(row);
  const rows: Row[] = [];
  const shown: Item[] = [];
  // The depth below which rows go into the count of the one that was folded.
  let closed = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const last = rows.at(-1);
    if (item.depth > closed && last !== undefined) {
      last.hidden += 1;
      continue;
    }
    closed = folded.size > 0 && folded.has(id(item)) ? item.depth : Number.POSITIVE_INFINITY;
    rows.push(row(item));
    shown.push(item);
  }
  treePrefixes(shown).forEach((prefix, at) => {
    (rows[at] as Row).prefix = prefix;
  });
  return rows;
}

/** Said behind a row whose branch is folded: `  ▸ 3 more`. */
export function foldedNote({ hidden }: Branch<unknown>): string {
  return hidden === 0 ? "" : `  ▸ ${hidden} more`;
}

import type { TreePlace } from "../../state/document-tree.ts";
import type { Filter } from "../../state/filter.ts";
import { childrenOf, isBranch, scalarText, type TreeChild } from "./tree-value.ts";

/** Characters of a value that a search looks at. */
const longestText = 64 * 1024;

/**
 * Nodes that a filter finds at or below a child of the root, in the order of the tree: values by
 * `key: value`, branches by their keys.
 * @param most hits that are wanted
 */
export function findBelow(
  child: TreeChild,
  place: number,
  filter: Filter,
  most: number,
): TreePlace[] {
  const hits: TreePlace[] = [];
  const visit = ({ key, value }: TreeChild, path: number[], counts: number[]): void => {
    if (hits.length >= most) return;
    const children = childrenOf(value);
    const own = [...counts, children.length];
    // `[12]` is no name that anybody gave.
    const name = key.startsWith("[") ? "" : key;
    const text = isBranch(value) ? name : `${name}: ${scalarText(value, longestText)}`;
    if (text !== "" && filter.matches(text)) hits.push({ path, counts: own });
    for (const [at, next] of children.entries()) visit(next, [...path, at], own);
  };
  visit(child, [place], []);
  return hits;
}

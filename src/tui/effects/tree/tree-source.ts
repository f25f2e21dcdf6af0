import type { TreeShape } from "../../state/document-tree.ts";
import type { TreeChild, TreeValue } from "./tree-value.ts";

/** A tree that is read where it is looked at. Ways are counted from the root, which has none. */
export interface TreeSource {
  shape(): TreeShape;
  /** Learns more of the shape; false where all is known. */
  advance(): Promise<boolean>;
  /** Children of the root, from a place on, at most `batch` at a time: no more are decoded. */
  roots(from: number, batch: number): AsyncIterable<TreeChild[]>;
  /** The value at a way of at least one step; undefined where there is none. */
  value(path: readonly number[]): Promise<TreeValue | undefined>;
  /** The whole, or the node at a way, as JSON in pieces. */
  json(path: readonly number[]): AsyncIterable<string>;
}

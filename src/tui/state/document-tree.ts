/** The way to a node from the root: [12, 3] is the fourth child of the thirteenth. */
export type NodePath = readonly number[];

/** A node of an image's or a document's tree, as little of it as one line shows. */
export interface TreeNode {
  /** Name of the field, or `[n]`. Not sanitised. */
  key: string;
  kind: "branch" | "value" | "payload" | "broken";
  /** The value, or how a branch begins. Not sanitised. */
  text: string;
  /** Is there more of it than `text` shows? */
  cut: boolean;
  /** Children. */
  count: number;
  /** First byte of a payload in the member. */
  offset: number | null;
}

/** A tree as a whole. */
export interface TreeShape {
  /** Type of the image; empty for a document. */
  type: string;
  /** Children of the root, as many as are known by now. */
  count: number;
  /** How many of them are heads, which CRIU does not count as entries. */
  heads: number;
  sizeBytes: number;
  /** Why nothing is known behind the last child; null where all is well. */
  problem: string | null;
}

/** Children of one node, some of them. */
export interface TreeNodes {
  parent: number[];
  /** Place of the first. */
  from: number;
  nodes: TreeNode[];
}

/** A node with what it takes to show it: how many children each node on the way to it has. */
export interface TreePlace {
  path: number[];
  /** Children of the nodes at path[0], path[0..1], …; the last is the node's own. */
  counts: number[];
}

/** Nodes that a search found since the part before, in the order of the tree. */
export interface TreeFound {
  hits: TreePlace[];
  /** Children of the root that were looked at. */
  searched: number;
  /** There are more hits, but these are as many as are listed. */
  limited: boolean;
}

/** Branches below a node, parents before their children. */
export interface TreeBelow {
  branches: TreePlace[];
  /** There are more. */
  limited: boolean;
}

/** A node as JSON. */
export interface TreeJson {
  text: string;
  /** It is longer than was asked for. */
  cut: boolean;
}

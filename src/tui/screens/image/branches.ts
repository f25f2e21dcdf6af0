import type { NodePath } from "../../state/document-tree.ts";

/**
 * The unfolded part of a tree. Rows are counted, never listed: a node that is unfolded knows how
 * many children it has, and which of them are unfolded too.
 */
export interface Branch {
  /** Children. */
  readonly count: number;
  /** Rows of all that is below it: its children, and what they unfold. */
  readonly rows: number;
  /** Unfolded children, in order. */
  readonly open: readonly Opened[];
}

interface Opened {
  readonly at: number;
  readonly branch: Branch;
}

export function newBranch(count: number, open: readonly Opened[] = []): Branch {
  return { count, open, rows: open.reduce((sum, { branch }) => sum + branch.rows, count) };
}

/** The branch with another number of children: more became known. */
export function recounted(branch: Branch, count: number): Branch {
  return newBranch(
    count,
    branch.open.filter(({ at }) => at < count),
  );
}

/** Way to the node of a row; undefined behind the last. */
export function pathAt(root: Branch, row: number): number[] | undefined {
  const path: number[] = [];
  let branch = root;
  let rest = row;
  if (row < 0 || row >= root.rows) return undefined;
  for (;;) {
    const inside = childOf(branch, rest);
    path.push(inside.at);
    if (inside.below === undefined) return path;
    branch = inside.below;
    rest = inside.rest;
  }
}

/** The child that shows a row of a branch, and the row below it where it is below. */
function childOf(
  { open }: Branch,
  row: number,
): { at: number; below: Branch | undefined; rest: number } {
  let passed = 0;
  for (const { at, branch } of open) {
    if (row <= at + passed) break;
    const rest = row - passed - at - 1;
    if (rest < branch.rows) return { at, below: branch, rest };
    passed += branch.rows;
  }
  return { at: row - passed, below: undefined, rest: 0 };
}

/** Row of a node; of the nearest that is shown, where it is folded away. */
export function rowOf(root: Branch, path: NodePath): number {
  let row = -1;
  let branch: Branch | undefined = root;
  for (const at of path) {
    if (branch === undefined) break;
    row += 1 + at;
    let next: Branch | undefined;
    for (const opened of branch.open) {
      if (opened.at >= at) {
        if (opened.at === at) next = opened.branch;
        break;
      }
      row += opened.branch.rows;
    }
    branch = next;
  }
  return row;
}

/** The branch of a node; undefined where it is folded. */
export function branchAt(root: Branch, path: NodePath): Branch | undefined {
  let branch: Branch | undefined = root;
  for (const at of path) branch = branch?.open.find((opened) => opened.at === at)?.branch;
  return branch;
}

/**
 * Unfolds the nodes on a way.
 * @param counts children of each node on it; those without any stay as they are
 */
export function unfolded(root: Branch, path: NodePath, counts: readonly number[]): Branch {
  const [at, ...rest] = path;
  const [count = 0, ...others] = counts;
  if (at === undefined || count === 0) return root;
  const known = root.open.find((opened) => opened.at === at)?.branch ?? newBranch(count);
  return withChild(root, at, unfolded(known, rest, others));
}

/** Folds a node. */
export function folded(root: Branch, path: NodePath): Branch {
  const [at, ...rest] = path;
  if (at === undefined) return root;
  const known = root.open.find((opened) => opened.at === at)?.branch;
  if (known === undefined) return root;
  return withChild(root, at, rest.length === 0 ? undefined : folded(known, rest));
}

function withChild({ count, open }: Branch, at: number, branch: Branch | undefined): Branch {
  const before = open.filter((opened) => opened.at < at);
  const after = open.filter((opened) => opened.at > at);
  return newBranch(count, [...before, ...(branch === undefined ? [] : [{ at, branch }]), ...after]);
}

/** Order of nodes as they stand below each other. */
export function comparePaths(one: NodePath, other: NodePath): number {
  for (const [depth, at] of one.entries()) {
    const there = other[depth];
    if (there === undefined) return 1;
    if (at !== there) return at - there;
  }
  return one.length - other.length;
}

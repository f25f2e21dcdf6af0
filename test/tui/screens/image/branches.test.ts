import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Branch,
  branchAt,
  comparePaths,
  folded,
  newBranch,
  pathAt,
  recounted,
  rowOf,
  unfolded,
} from "../../../../src/tui/screens/image/branches.ts";

/** Children of every node, so that any may be unfolded. */
const children = 5;
const roots = 9;

/** All rows, one by one: what is never done for an image. */
function listed(branch: Branch, above: number[] = []): number[][] {
  return Array.from({ length: branch.count }, (_, at) => {
    const path = [...above, at];
    const below = branch.open.find((opened) => opened.at === at)?.branch;
    return [path, ...(below === undefined ? [] : listed(below, path))];
  }).flat();
}

const step = fc.record({ row: fc.nat(200), unfold: fc.boolean() });

/** Unfolds and folds the nodes of rows. */
function walked(steps: readonly { row: number; unfold: boolean }[]): Branch {
  let root = newBranch(roots);
  for (const { row, unfold } of steps) {
    const path = pathAt(root, row % root.rows) as number[];
    root = unfold
      ? unfolded(
          root,
          path,
          path.map(() => children),
        )
      : folded(root, path);
  }
  return root;
}

describe("rows of a tree", () => {
  it("are found by their number as if they were listed, and the other way round", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const root = walked(steps);
        const rows = listed(root);
        expect(root.rows).toBe(rows.length);
        for (const [row, path] of rows.entries()) {
          expect(pathAt(root, row)).toEqual(path);
          expect(rowOf(root, path)).toBe(row);
        }
        expect(pathAt(root, rows.length)).toBeUndefined();
        expect(rows.toSorted(comparePaths)).toEqual(rows);
      }),
    );
  });

  it("keep what is unfolded inside of what is unfolded", () => {
    const root = unfolded(newBranch(3), [1, 2, 0], [4, 5, 6]);
    expect(root.rows).toBe(3 + 4 + 5 + 6);
    expect(branchAt(root, [1, 2, 0])?.count).toBe(6);
    expect(branchAt(root, [1, 3])).toBeUndefined();
    expect(folded(root, [1, 2]).rows).toBe(3 + 4);
    expect(unfolded(root, [1], [4])).toEqual(root);
  });

  it("stay where they are when more children become known, and go with those that do not", () => {
    const root = unfolded(newBranch(3), [2], [4]);
    expect(recounted(root, 10).rows).toBe(14);
    expect(recounted(root, 2).rows).toBe(2);
  });

  it("lead to what a node is folded into, where it is not shown", () => {
    const root = unfolded(newBranch(3), [0], [2]);
    expect(rowOf(root, [1, 4, 2])).toBe(3);
    expect(pathAt(root, 3)).toEqual([1]);
    expect(rowOf(newBranch(3), [])).toBe(-1);
  });
});

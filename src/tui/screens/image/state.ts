import type {
  NodePath,
  TreeNode,
  TreeNodes,
  TreePlace,
  TreeShape,
} from "../../state/document-tree.ts";
import type { Failure } from "../../state/questions.ts";
import type { World } from "../../state/screen.ts";
import type { ImageArgument } from "./argument.ts";
import { type Branch, pathAt, unfolded } from "./branches.ts";

export interface ImageState {
  argument: Omit<ImageArgument, "entry">;
  /** The entry that is gone to once all are counted. */
  entry: number | undefined;
  reveal: boolean;
  shape: TreeShape | undefined;
  /** Is its shape known to the end? */
  whole: boolean;
  failure: Failure | undefined;
  root: Branch;
  /** Nodes that are known, in windows of `windowNodes` of one parent, by `windowKey`. */
  windows: ReadonlyMap<string, readonly TreeNode[]>;
  /** The window that was asked for. */
  asked: string | undefined;
  cursor: number;
  /** First row shown. */
  top: number;
  find: Find | undefined;
  /** Nobody folded anything yet. */
  fresh: boolean;
  /** What the JSON that was asked for is for. */
  wanted: "copy" | "show";
}

export interface Find {
  text: string;
  hits: readonly TreePlace[];
  searched: number;
  searching: boolean;
  limited: boolean;
  /** Goes to the first hit behind the cursor once there is one. */
  jump: boolean;
}

/** Children that are asked for at once. */
export const windowNodes = 64;
/** Windows that are kept, besides those that are shown. */
const keptWindows = 32;

function windowKey(parent: NodePath, at: number): string {
  return `${parent.join("/")}:${Math.floor(at / windowNodes)}`;
}

interface Window {
  key: string;
  parent: number[];
  from: number;
}

/** Rows of the tree: the last of the body says what is wrong with it, where something is. */
export function treeRows({ shape }: Pick<ImageState, "shape">, { body }: World): number {
  return Math.max(1, body.rows - (shape?.problem == null ? 0 : 1));
}

/** Ways to the nodes that are shown. */
export function shownPaths(state: ImageState, world: World): number[][] {
  const paths: number[][] = [];
  const rows = treeRows(state, world);
  for (let row = state.top; row < state.top + rows; row++) {
    const path = pathAt(state.root, row);
    if (path === undefined) break;
    paths.push(path);
  }
  return paths;
}

function windowOf(path: NodePath): Window {
  const parent = path.slice(0, -1);
  const at = path.at(-1) ?? 0;
  const from = at - (at % windowNodes);
  return { key: windowKey(parent, at), parent, from };
}

/** A node as far as it is known. */
export function nodeAt({ windows }: ImageState, path: NodePath): TreeNode | undefined {
  const at = path.at(-1);
  return at === undefined
    ? undefined
    : windows.get(windowKey(path.slice(0, -1), at))?.[at % windowNodes];
}

/** The first window that is shown and not known. */
export function missingWindow(state: ImageState, world: World): Window | undefined {
  return shownPaths(state, world)
    .filter((path) => nodeAt(state, path) === undefined)
    .map(windowOf)[0];
}

/** Takes nodes in, and forgets those that were shown longest ago. */
export function withNodes(
  state: ImageState,
  { parent, from, nodes }: TreeNodes,
  world: World,
): ImageState {
  const shown = new Set(shownPaths(state, world).map((path) => windowOf(path).key));
  const windows = new Map(state.windows);
  const key = windowKey(parent, from);
  windows.delete(key);
  windows.set(key, nodes);
  for (const old of windows.keys()) {
    if (windows.size <= keptWindows) break;
    if (old !== key && !shown.has(old)) windows.delete(old);
  }
  // A single entry is what one wants to see.
  const [only] = nodes;
  const unfolds = state.fresh && state.root.count === 1 && only !== undefined;
  const root = unfolds ? unfolded(state.root, [0], [only.count]) : state.root;
  return { ...state, root, windows, asked: undefined, fresh: false };
}

/** The state with its cursor on a row, and that row shown. */
export function atRow(state: ImageState, row: number, world: World): ImageState {
  const height = treeRows(state, world);
  const cursor = Math.max(0, Math.min(row, state.root.rows - 1));
  const last = Math.max(0, state.root.rows - height);
  const top = Math.min(Math.max(state.top, cursor - height + 1), cursor, last);
  return cursor === state.cursor && top === state.top ? state : { ...state, cursor, top };
}

import type { TreeBelow, TreeJson } from "../../state/document-tree.ts";
import type { Act, Step, World } from "../../state/screen.ts";
import { memberAct } from "../look.ts";
import { branchAt, folded, newBranch, pathAt, rowOf, unfolded } from "./branches.ts";
import { cleared, toMatch } from "./find.ts";
import { atRow, type ImageState, nodeAt, treeRows } from "./state.ts";

/** Characters of a node that are copied: terminals take no more; and that are shown in full. */
const longestCopy = 70_000;
const longestShown = 64 * 1024;

type S = ImageState;

const flash = (text: string, level: "info" | "error" = "info"): Act => ({
  act: "flash",
  level,
  text,
});

const moves: Readonly<Record<string, (cursor: number, page: number) => number>> = {
  down: (cursor) => cursor + 1,
  up: (cursor) => cursor - 1,
  "page-down": (cursor, page) => cursor + page,
  "page-up": (cursor, page) => cursor - page,
  top: () => 0,
  bottom: () => Number.MAX_SAFE_INTEGER,
};

/** What a command does to the tree; the caller asks for what is shown then and not known. */
export function commanded(state: S, command: string, world: World): Step<S> {
  const move = moves[command];
  if (move !== undefined) {
    const page = Math.max(1, treeRows(state, world) - 1);
    return { state: atRow(state, move(state.cursor, page), world) };
  }
  const { path, member } = state.argument;
  switch (command) {
    case "find":
      return {
        state,
        acts: [{ act: "prompt", prompt: "find", label: "/", text: state.find?.text ?? "" }],
      };
    case "find-next":
      return toMatch(state, 1, world);
    case "find-previous":
      return toMatch(state, -1, world);
    case "clear":
      return cleared(state);
    case "fold-all": {
      const [at = 0] = pathAt(state.root, state.cursor) ?? [];
      return { state: atRow({ ...state, root: newBranch(state.root.count) }, at, world) };
    }
    case "as-bytes":
    case "as-text": {
      const act = memberAct({ path, member, form: "content" }, command);
      return { state, acts: act === undefined ? [] : [act] };
    }
    case "save-all":
      return { state, acts: [save(state, [])] };
    default:
      return onNode(state, command, world);
  }
}

/** Commands for the node under the cursor. */
function onNode(state: S, command: string, world: World): Step<S> {
  const node = pathAt(state.root, state.cursor);
  if (node === undefined) return { state };
  switch (command) {
    case "fold":
      return toggled(state, node, world);
    case "open":
      return opened(state, node, world);
    case "unfold":
      if (branchAt(state.root, node) === undefined) return toggled(state, node, world);
      return { state: atRow(state, state.cursor + 1, world) };
    case "fold-up":
      if (branchAt(state.root, node) !== undefined) return toggled(state, node, world);
      if (node.length < 2) return { state };
      return { state: atRow(state, rowOf(state.root, node.slice(0, -1)), world) };
    case "unfold-all":
      return { state, acts: [ask(state, { of: "treeBelow", node })] };
    case "copy":
      return { state, acts: copied(state, node) };
    case "copy-json":
      return json(state, node, "copy");
    case "save":
      return { state, acts: [save(state, node)] };
    default:
      return { state };
  }
}

function toggled(state: S, path: readonly number[], world: World): Step<S> {
  const node = nodeAt(state, path);
  const isOpen = branchAt(state.root, path) !== undefined;
  if (!isOpen && (node === undefined || node.count === 0)) return { state };
  const root = isOpen
    ? folded(state.root, path)
    : unfolded(state.root, path, [...path.slice(1).map(() => 1), node?.count ?? 0]);
  return { state: atRow({ ...state, root }, state.cursor, world) };
}

/** Enter: into a branch, a payload's bytes, a value that has no room on its line. */
function opened(state: S, path: readonly number[], world: World): Step<S> {
  const node = nodeAt(state, path);
  const { path: archive, member } = state.argument;
  if (node?.kind === "payload") {
    const argument = { path: archive, member, at: BigInt(node.offset ?? 0) };
    return { state, acts: [{ act: "push", screen: { kind: "hex", argument } }] };
  }
  if (node?.kind === "broken") {
    const argument = { title: node.key, lines: [node.text] };
    return { state, acts: [{ act: "push", screen: { kind: "text", argument } }] };
  }
  return node?.kind === "value" ? json(state, path, "show") : toggled(state, path, world);
}

type Asked =
  | { of: "treeBelow"; node: readonly number[] }
  | { of: "treeJson"; node: readonly number[]; most: number };

function ask({ argument, reveal }: S, asked: Asked): Act {
  const { path, member } = argument;
  return { act: "ask", slot: asked.of, question: { ...asked, path, member, reveal } };
}

function json(state: S, node: readonly number[], wanted: S["wanted"]): Step<S> {
  const most = wanted === "copy" ? longestCopy : longestShown;
  return { state: { ...state, wanted }, acts: [ask(state, { of: "treeJson", node, most })] };
}

/** The JSON that was asked for: copied, or shown. */
export function withJson(state: S, { text, cut }: TreeJson): Step<S> {
  if (state.wanted === "copy") {
    return cut
      ? { state, acts: [flash("too long to be copied: Ctrl-S saves it", "error")] }
      : { state, acts: [{ act: "copy", text, what: "it as JSON" }] };
  }
  const node = nodeAt(state, pathAt(state.root, state.cursor) ?? []);
  const more = cut ? ["", "… and more: Ctrl-S saves all of it"] : [];
  const lines = [...(cut ? [text] : String(JSON.parse(text)).split("\n")), ...more];
  const argument = { title: node?.key ?? state.argument.member, lines };
  return { state, acts: [{ act: "push", screen: { kind: "text", argument } }] };
}

/** Unfolds all that was found below a node. */
export function withBelow(state: S, { branches, limited }: TreeBelow, world: World): Step<S> {
  let root = state.root;
  for (const { path, counts } of branches) {
    // Counts begin with the node's own: what it is in is unfolded already.
    root = unfolded(root, path, [...path.slice(counts.length).map(() => 1), ...counts]);
  }
  const acts = limited ? [flash("there is more than 5,000 rows below: not all is unfolded")] : [];
  return { state: atRow({ ...state, root }, state.cursor, world), acts };
}

function copied(state: S, path: readonly number[]): Act[] {
  const node = nodeAt(state, path);
  if (node === undefined) return [];
  return [{ act: "copy", text: `${node.key}: ${node.text}`, what: "the row" }];
}

function save({ argument: { path, member } }: S, node: readonly number[]): Act {
  const base = (member.split("/").at(-1) ?? "image").replace(/[^\w.-]+/g, "_");
  const place = node.map((at) => `-${at}`).join("");
  return {
    act: "save",
    name: `${base}${place}.json`,
    content: { from: "tree", archive: path, member, node },
  };
}

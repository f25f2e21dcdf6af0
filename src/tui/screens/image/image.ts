import { formatCount } from "../../../base/units.ts";
import { treeKeys } from "../../keys/images.ts";
import type { TreeShape } from "../../state/document-tree.ts";
import type { Act, Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { failureLines } from "../lines-screen.ts";
import type { ImageArgument } from "./argument.ts";
import { newBranch, recounted } from "./branches.ts";
import { commanded, withBelow, withJson } from "./commands.ts";
import { findText, searching, withFound } from "./find.ts";
import { shapeText, treeLines } from "./lines.ts";
import { atRow, type ImageState, missingWindow, windowNodes, withNodes } from "./state.ts";

type S = ImageState;

const askShape = ({ argument, reveal }: S): Act => ({
  act: "ask",
  slot: "shape",
  question: { of: "tree", ...argument, reveal },
});

/** Asks for the first window that is shown and not known, unless that is under way. */
function reading({ state, acts = [] }: Step<S>, world: World): Step<S> {
  const window = missingWindow(state, world);
  if (window === undefined || window.key === state.asked) return { state, acts };
  const { key, parent, from } = window;
  const { argument, reveal } = state;
  const part = { parent, from, count: windowNodes };
  const question = { of: "treeNodes", ...argument, reveal, ...part } as const;
  return {
    state: { ...state, asked: key },
    acts: [...acts, { act: "ask", slot: "nodes", question }],
  };
}

/** Everything is asked anew; what is unfolded and where one is stays. */
function reread(state: S): Step<S> {
  const next = { ...state, windows: new Map(), asked: undefined, whole: false };
  return { state: next, acts: [askShape(next)] };
}

function shaped(state: S, shape: TreeShape, part: boolean, world: World): S {
  // While it is counted again, what was counted before stays.
  const less = part && state.root.count > shape.count;
  const root = less ? state.root : recounted(state.root, shape.count);
  const next = { ...state, shape, root, whole: !part, failure: undefined };
  if (part || state.entry === undefined) return atRow(next, state.cursor, world);
  return atRow({ ...next, entry: undefined }, state.entry, world);
}

function answered(
  state: S,
  event: Extract<ScreenEvent, { type: "answer" }>,
  world: World,
): Step<S> {
  const { answer, part } = event;
  switch (answer.of) {
    case "tree":
      return { state: shaped(state, answer.value, part, world) };
    case "treeNodes":
      return { state: withNodes(state, answer.value, world) };
    case "treeFind":
      return withFound(state, answer.value, part, world);
    case "treeBelow":
      return withBelow(state, answer.value, world);
    case "treeJson":
      return withJson(state, answer.value);
    case "reopen":
      return reread(state);
    default:
      return { state };
  }
}

function failed(state: S, event: Extract<ScreenEvent, { type: "failed" }>): Step<S> {
  const { slot, failure } = event;
  if (slot === "shape" || slot === "nodes") return { state: { ...state, failure } };
  const find = slot === "find" ? undefined : state.find;
  return {
    state: { ...state, find },
    acts: [{ act: "flash", level: "error", text: failure.message }],
  };
}

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  switch (event.type) {
    case "answer":
      return reading(answered(state, event, world), world);
    case "failed":
      return failed(state, event);
    case "prompted":
      return event.done && event.text !== null ? searching(state, event.text) : { state };
    case "command": {
      if (event.command !== "refresh") {
        return reading(commanded(state, event.command, world), world);
      }
      const question = { of: "reopen", path: state.argument.path } as const;
      return { state, acts: [{ act: "ask", slot: "reopen", question }] };
    }
    case "world": {
      if (world.reveal !== state.reveal) return reread({ ...state, reveal: world.reveal });
      return reading({ state: atRow(state, state.cursor, world) }, world);
    }
    case "shown":
      // Answers that came while another stack of screens was shown are lost.
      return state.whole
        ? reading({ state: { ...state, asked: undefined } }, world)
        : reread(state);
    default:
      return { state };
  }
}

function body(state: S, world: World): readonly Line[] {
  const { failure, shape, root, whole } = state;
  if (failure !== undefined) return failureLines(failure);
  if (shape === undefined) return [emptyLine, line("   ", span("reading…", "dim"))];
  if (root.rows === 0 && shape.problem === null) {
    return [emptyLine, line("   ", span(whole ? "it has no entries" : "reading…", "dim"))];
  }
  return treeLines(state, world);
}

function status(state: S): string {
  const { root, cursor, failure } = state;
  if (failure !== undefined || root.rows === 0) return "";
  const place = `${formatCount(cursor + 1)} of ${formatCount(root.rows)}`;
  const found = findText(state);
  return found === "" ? place : `${place}  ${found}`;
}

/** Entries of a CRIU image, or a JSON document, as a tree that unfolds. */
export const imageScreen: Screen<S, ImageArgument> = {
  open: ({ entry, ...argument }, { reveal }) => {
    const state: S = {
      argument,
      entry,
      reveal,
      shape: undefined,
      whole: false,
      failure: undefined,
      root: newBranch(0),
      windows: new Map(),
      asked: undefined,
      cursor: 0,
      top: 0,
      find: undefined,
      fresh: true,
      wanted: "copy",
    };
    return { state, acts: [askShape(state)] };
  },
  update,
  view: (state, world): View => ({
    title: line(span(state.argument.member, "strong"), span(shapeText(state), "dim")),
    lines: body(state, world),
    status: status(state),
    busy: !state.whole && state.failure === undefined,
  }),
  scopes: () => [treeKeys],
  crumb: ({ argument: { member } }) => member.split("/").at(-1) ?? "",
};

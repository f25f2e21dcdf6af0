import type { TreeFound, TreePlace } from "../../state/document-tree.ts";
import type { Act, Step, World } from "../../state/screen.ts";
import { comparePaths, pathAt, rowOf, unfolded } from "./branches.ts";
import { atRow, type Find, type ImageState } from "./state.ts";

const flash = (text: string, level: "info" | "warning" = "info"): Act => ({
  act: "flash",
  level,
  text,
});

/** Begins a search. */
export function searching(state: ImageState, text: string): Step<ImageState> {
  const { path, member } = state.argument;
  if (text === "" || text === "!") return cleared(state);
  const find: Find = { text, hits: [], searched: 0, searching: true, limited: false, jump: true };
  const question = { of: "treeFind", path, member, reveal: state.reveal, text } as const;
  return { state: { ...state, find }, acts: [{ act: "ask", slot: "find", question }] };
}

export function cleared(state: ImageState): Step<ImageState> {
  if (state.find === undefined) return { state };
  return { state: { ...state, find: undefined }, acts: [{ act: "drop", slot: "find" }] };
}

/** Takes hits in; goes to the first behind the cursor as soon as it is known. */
export function withFound(
  state: ImageState,
  { hits, searched, limited }: TreeFound,
  part: boolean,
  world: World,
): Step<ImageState> {
  if (state.find === undefined) return { state };
  const all = hits.length === 0 ? state.find.hits : [...state.find.hits, ...hits];
  const find: Find = { ...state.find, hits: all, searched, limited, searching: part };
  const next = { ...state, find };
  if (!find.jump) return { state: next };
  if (all.length === 0) {
    return part
      ? { state: next }
      : { state: next, acts: [flash(`nothing has ${find.text}`, "warning")] };
  }
  const here = pathAt(state.root, state.cursor) ?? [];
  const ahead = all.find(({ path }) => comparePaths(path, here) >= 0);
  if (ahead === undefined && part) return { state: next };
  const to = ahead ?? (all[0] as TreePlace);
  return { state: shown({ ...next, find: { ...find, jump: false } }, to, world) };
}

/** Goes to the match after the cursor, or before it, and on from the other end. */
export function toMatch(state: ImageState, step: 1 | -1, world: World): Step<ImageState> {
  const { find } = state;
  if (find === undefined) return { state, acts: [flash("find something first: /")] };
  const { hits } = find;
  const here = pathAt(state.root, state.cursor) ?? [];
  const next =
    step === 1
      ? hits.find(({ path }) => comparePaths(path, here) > 0)
      : hits.findLast(({ path }) => comparePaths(path, here) < 0);
  const to = next ?? (step === 1 ? hits[0] : hits.at(-1));
  if (to === undefined) {
    return { state, acts: [flash(find.searching ? "nothing was found yet" : "nothing was found")] };
  }
  const acts =
    next === undefined ? [flash(`on from the ${step === 1 ? "first" : "last"} match`)] : [];
  return { state: shown(state, to, world), acts };
}

/** The state with a place on the screen, unfolded as far as it takes. */
function shown(state: ImageState, { path, counts }: TreePlace, world: World): ImageState {
  const root = unfolded(state.root, path.slice(0, -1), counts);
  return atRow({ ...state, root }, rowOf(root, path), world);
}

/** `3 of 12 matches`; with a + where there are more than are listed. */
export function findText({ find, root, cursor }: ImageState): string {
  if (find === undefined) return "";
  const here = pathAt(root, cursor) ?? [];
  const at = find.hits.findIndex(({ path }) => comparePaths(path, here) === 0);
  const more = find.limited ? "+" : find.searching ? "…" : "";
  const place = at === -1 ? "" : `${at + 1} of `;
  return `/${find.text}  ${place}${find.hits.length}${more} matches`;
}

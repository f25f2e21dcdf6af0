import type { ListedPlan, RestoreTarget } from "../../../state/restore.ts";
import type { Act, Step, World } from "../../../state/screen.ts";
import { withRows } from "../../list-screen.ts";
import { workLines } from "./lines.ts";
import { needModel } from "./model.ts";
import { choosePlace, chosenPlace, filePrompt, placeSlot } from "./places.ts";
import type { Choosing, RestoreState } from "./state.ts";

type S = RestoreState;

export const planSlot = "plan";

/** Rows that are not the list's. */
export function besides(state: S, world: World): number {
  return 1 + workLines(state, world).length + (state.problems.length === 0 ? 0 : 1);
}

export const askPlan = ({ path, target }: S, { now }: World): Act => ({
  act: "ask",
  slot: planSlot,
  question: { of: "restorePlan", path, target, now },
});

/** Compares with another place; the rows of the one before go. */
export function comparing(state: S, target: RestoreTarget, world: World): Step<S> {
  const next: S = {
    ...state,
    target,
    plan: undefined,
    listed: { ...state.listed, rows: [] },
    problems: [],
    failure: undefined,
    waiting: true,
    choosing: undefined,
  };
  return { state: next, acts: [{ act: "drop", slot: placeSlot }, askPlan(next, world)] };
}

/** Takes in a plan. */
export function planned(state: S, { rows, ...plan }: ListedPlan, world: World): S {
  const problems = plan.problems.filter(({ severity }) => severity !== "note");
  const next: S = { ...state, plan, problems, failure: undefined, waiting: false };
  return {
    ...next,
    listed: withRows(state.listed, rows, needModel(next.target), world, besides(next, world)),
  };
}

/** Keys while a place is chosen; undefined for those of its list. */
export function whileChoosing(
  state: S,
  choosing: Choosing,
  command: string,
  world: World,
): Step<S> | undefined {
  if (command === "refresh") return choosePlace(state);
  if (command === "open") {
    const chosen = chosenPlace(choosing);
    if (chosen === undefined) return { state };
    if (chosen !== "file") return comparing(state, chosen, world);
    const label = "file of a node (FILE, or FILE NAME) ";
    return { state, acts: [{ act: "prompt", prompt: filePrompt, label, text: "" }] };
  }
  const leaves =
    command === "choose-place" || (command === "clear" && choosing.listed.list.filter === "");
  if (!leaves) return undefined;
  return {
    state: { ...state, choosing: undefined },
    acts: [{ act: "drop", slot: placeSlot }],
  };
}

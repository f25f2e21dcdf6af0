import { placeChoiceKeys, restoreKeys } from "../../../keys/restore.ts";
import { problemKeys } from "../../../keys/table.ts";
import { rowAt } from "../../../state/list.ts";
import type { ScreenEvent, Step, View, World } from "../../../state/screen.ts";
import { emptyLine, type Line } from "../../../view/line.ts";
import { listLines, listStatus } from "../../../view/table.ts";
import { listScopes, newListed, updateListed } from "../../list-screen.ts";
import { problemLine, problemScreen } from "../../problems.ts";
import type { Tab } from "../../tab.ts";
import { wholeFailure } from "../../wrapped.ts";
import { askPlan, besides, comparing, planned, planSlot, whileChoosing } from "./comparing.ts";
import { headLine, workLines } from "./lines.ts";
import { needModel } from "./model.ts";
import {
  choosePlace,
  filePrompt,
  placeLines,
  placeModel,
  placeSlot,
  placesKnown,
  updatePlaces,
} from "./places.ts";
import type { RestoreState } from "./state.ts";
import {
  agreed,
  beginWork,
  givenUp,
  startWork,
  stopping,
  stopWork,
  workAnswered,
  workFailed,
  workPrompted,
  workSlot,
  workText,
  writes,
} from "./work.ts";

type S = RestoreState;

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  switch (event.type) {
    case "answer":
      return answered(state, event, world);
    case "failed":
      return resized(failed(state, event), world);
    case "prompted": {
      const step = prompted(state, event, world);
      if (step !== undefined) return step;
      break;
    }
    case "confirmed":
      if (event.what === agreed) return resized(startWork(state, world), world);
      return event.what === givenUp ? resized(stopWork(state), world) : { state };
    case "command": {
      const step = commanded(state, event.command, world);
      if (step !== undefined) return step;
      break;
    }
    default:
  }
  if (state.choosing !== undefined) return updatePlaces(state, state.choosing, event, world);
  const step = updateListed(
    state.listed,
    needModel(state.target),
    event,
    world,
    besides(state, world),
  );
  if (step === undefined) return { state };
  if (step.listed === state.listed) return { state, acts: step.acts };
  return { state: { ...state, listed: step.listed }, acts: step.acts };
}

function answered(
  state: S,
  { slot, answer, part }: Extract<ScreenEvent, { type: "answer" }>,
  world: World,
): Step<S> {
  if (answer.of === "restorePlan") return { state: planned(state, answer.value, world) };
  if (slot === placeSlot && answer.of === "nodes") {
    const { choosing } = state;
    if (choosing === undefined) return { state };
    return { state: { ...state, choosing: placesKnown(choosing, answer.value, part, world) } };
  }
  return resized(workAnswered(state, answer, world) ?? { state }, world);
}

function failed(state: S, { slot, failure }: Extract<ScreenEvent, { type: "failed" }>): Step<S> {
  if (slot === workSlot) return workFailed(state, failure);
  if (slot === planSlot) return { state: { ...state, failure, waiting: false } };
  const { choosing } = state;
  if (choosing === undefined) return { state };
  return { state: { ...state, choosing: { ...choosing, failure, waiting: false } } };
}

/** What stands above the list may have grown: the cursor stays in sight. */
function resized(step: Step<S>, world: World): Step<S> {
  const { state } = step;
  const moved = updateListed(
    state.listed,
    needModel(state.target),
    { type: "world" },
    world,
    besides(state, world),
  );
  if (moved === undefined || moved.listed === state.listed) return step;
  return { ...step, state: { ...state, listed: moved.listed } };
}

function prompted(
  state: S,
  { prompt, text, done }: Extract<ScreenEvent, { type: "prompted" }>,
  world: World,
): Step<S> | undefined {
  if (prompt === "filter") return undefined;
  if (!done) return { state };
  if (prompt !== filePrompt) return workPrompted(state, prompt, text);
  const typed = text?.trim() ?? "";
  return typed === "" ? { state } : comparing(state, { kind: "file", text: typed }, world);
}

function commanded(state: S, command: string, world: World): Step<S> | undefined {
  const { choosing } = state;
  if (choosing !== undefined) return whileChoosing(state, choosing, command, world);
  const what = writes[command];
  if (what !== undefined) return beginWork(state, what, world);
  switch (command) {
    case "refresh":
      return { state: { ...state, waiting: true }, acts: [askPlan(state, world)] };
    case "choose-place":
      return choosePlace(state);
    case "written":
      return { state, acts: [workText(state)] };
    case "problems":
      return state.problems.length === 0
        ? undefined
        : { state, acts: [problemScreen(state.problems)] };
    case "clear":
      return cleared(state, world);
    case "open": {
      const row = rowAt(state.listed.rows, needModel(state.target), state.listed.list);
      if (row === undefined) return { state };
      return { state, acts: [{ act: "push", screen: { kind: "need", argument: row } }] };
    }
    default:
      return undefined;
  }
}

/** Esc ends what is under way, then takes away what was said of it, and then is the list's. */
function cleared(state: S, world: World): Step<S> | undefined {
  const lines = stopping(state);
  if (lines !== undefined) {
    const confirm = { act: "confirm", what: givenUp, title: "Give up", lines } as const;
    return { state, acts: [{ ...confirm, yes: "give up" }] };
  }
  const { stage } = state.work ?? {};
  if (stage !== "made" && stage !== "failed" && stage !== "looking") return undefined;
  const step = resized({ state: { ...state, work: undefined } }, world);
  return stage === "looking" ? { ...step, acts: [{ act: "drop", slot: workSlot }] } : step;
}

function body(state: S, world: World): readonly Line[] {
  const { listed, problems, failure } = state;
  const head = [headLine(state, world), ...workLines(state, world)];
  if (failure !== undefined) return [...head, ...wholeFailure(failure, world.body.columns)];
  const rows = Math.max(1, world.body.rows - besides(state, world));
  const room = { ...world, body: { ...world.body, rows } };
  const list =
    listed.rows.length === 0
      ? []
      : listLines(listed.rows, needModel(state.target), listed.list, room);
  const lines = [...head, ...list];
  if (problems.length === 0) return lines;
  const all = world.body.rows - 1;
  const blank = Array.from({ length: Math.max(0, all - lines.length) }, () => emptyLine);
  return [...lines.slice(0, all), ...blank, problemLine(problems, world.body.columns)];
}

/** Will it come back, and where: the plan, and what runtimes restore from. */
export const restoreTab: Tab<S> = {
  name: "restore",
  title: "Restore",
  count: ({ plan, listed }) => (plan === undefined ? undefined : listed.rows.length),
  open: ({ path }, world) => {
    const state: S = {
      path,
      target: { kind: "none" },
      listed: newListed(),
      plan: undefined,
      problems: [],
      failure: undefined,
      waiting: true,
      choosing: undefined,
      work: undefined,
    };
    return { state, acts: [askPlan(state, world)] };
  },
  update,
  view: (state, world): View => {
    const { choosing, listed, failure } = state;
    if (choosing !== undefined) {
      return {
        title: emptyLine,
        lines: placeLines(choosing, world),
        status: listStatus(choosing.listed.rows, placeModel, choosing.listed.list),
        busy: choosing.waiting,
      };
    }
    return {
      title: emptyLine,
      lines: body(state, world),
      status:
        failure === undefined ? listStatus(listed.rows, needModel(state.target), listed.list) : "",
      busy: state.waiting || state.work?.stage === "writing",
    };
  },
  scopes: ({ choosing, problems, target }) =>
    choosing !== undefined
      ? [placeChoiceKeys, ...listScopes(placeModel, false)]
      : [
          restoreKeys,
          ...listScopes(needModel(target), false),
          ...(problems.length === 0 ? [] : [problemKeys]),
        ],
  leaving: (state) => {
    const lines = stopping(state);
    return lines === undefined ? undefined : { title: "Give up", lines, yes: "give up" };
  },
  crumb: () => "restore",
};

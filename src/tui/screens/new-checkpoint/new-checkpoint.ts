import { manifestOf } from "../../../kubelet/answer/rights.ts";
import { buttonKeys, failedKeys, formKeys, madeKeys } from "../../keys/cluster.ts";
import { textKeys } from "../../keys/table.ts";
import type { Checks } from "../../state/cluster.ts";
import { type Prompt, typeInto } from "../../state/prompt.ts";
import type { Screen, ScreenEvent, Step, World } from "../../state/screen.ts";
import { linesText, scrolledTop } from "../lines-screen.ts";
import { answered, failed } from "./answers.ts";
import { askContexts, asking, askingAll, edited } from "./asking.ts";
import { begin, called, confirmMake, giveUp, leavingLines } from "./calling.ts";
import { checksLines } from "./checks-lines.ts";
import { chosen, ghostOf } from "./choices.ts";
import { viewOf } from "./lines.ts";
import {
  isField,
  type NewCheckpointArgument,
  type NewCheckpointState,
  newForm,
  order,
} from "./state.ts";

type S = NewCheckpointState;

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  switch (event.type) {
    case "answer":
      return answered(state, event);
    case "failed":
      return failed(state, event);
    case "typed":
      return typed(state, event);
    case "second":
      return state.edited && state.call === undefined ? asking(state) : { state };
    case "confirmed":
      return event.what === "make" ? begin(state, world) : giveUp(state);
    case "command":
      return state.call === undefined
        ? formCommand(state, event.command, world)
        : called(state, event.command, world);
    default:
      return { state };
  }
}

function typed(state: S, { input }: Extract<ScreenEvent, { type: "typed" }>): Step<S> {
  const { focus } = state;
  if (!isField(focus)) return { state };
  const ghost = ghostOf(state);
  if (input.type === "key" && /^(right|end|ctrl-e)$/.test(input.key) && ghost !== "") {
    return edited(completed(state, ghost));
  }
  const before = state.fields[focus];
  const step = typeInto(before, input);
  if (step.state !== "open") return { state };
  const next = withField(state, step.prompt);
  return step.prompt.text === before.text ? { state: next } : edited(next);
}

function withField(state: S, prompt: Prompt): S {
  return { ...state, fields: { ...state.fields, [state.focus]: prompt } };
}

function completed(state: S, ghost: string): S {
  if (!isField(state.focus)) return state;
  const prompt = state.fields[state.focus];
  const text = prompt.text + ghost;
  return withField(state, { ...prompt, text, typed: text, cursor: text.length });
}

function formCommand(state: S, command: string, world: World): Step<S> {
  switch (command) {
    case "field-next":
      return moved(state, 1);
    case "field-previous":
      return moved(state, -1);
    case "choice-next":
      return edited(chosen(state, 1));
    case "choice-previous":
      return edited(chosen(state, -1));
    case "refresh":
      return askingAll(state);
    case "enter":
      return entered(state);
    case "role":
      return role(state);
    case "copy": {
      const text = linesText(checksLines(state, world.body.columns));
      return { state, acts: [{ act: "copy", text, what: "the checks" }] };
    }
    default: {
      const count = checksLines(state, world.body.columns).length;
      const top = scrolledTop(state.top, command, count, 1);
      return { state: top === undefined || top === state.top ? state : { ...state, top } };
    }
  }
}

function moved(state: S, step: 1 | -1): Step<S> {
  const at = order.indexOf(state.focus) + step + order.length;
  const next: S = { ...state, focus: order[at % order.length] ?? "pod" };
  return state.edited ? asking(next) : { state: next };
}

function entered(state: S): Step<S> {
  if (state.focus === "cancel") return { state, acts: [{ act: "pop" }] };
  if (state.focus !== "make") return moved(completed(state, ghostOf(state)), 1);
  return { state, acts: [confirmMake(state)] };
}

/** The right that the caller lacks, where that is known. */
function missingRight({ caller, item }: Checks): string | undefined {
  const missing = item.rows.find(({ id, verdict }) => id === "may-proxy" && verdict === "no");
  if (missing === undefined || caller?.user == null) return undefined;
  return manifestOf({ user: caller.user, verb: "create", group: "", resource: "nodes/proxy" });
}

function role(state: S): Step<S> {
  const { value } = state.checks;
  const manifest = value === undefined ? undefined : missingRight(value);
  if (manifest === undefined) {
    const text = "no right is known to be missing";
    return { state, acts: [{ act: "flash", level: "info", text }] };
  }
  const argument = { title: "role", lines: manifest.trimEnd().split("\n") };
  return { state, acts: [{ act: "push", screen: { kind: "text", argument } }] };
}

export const newCheckpointScreen: Screen<S, NewCheckpointArgument> = {
  open: (argument) => ({ state: newForm(argument), acts: [askContexts] }),
  update,
  view: viewOf,
  scopes: ({ call, focus }) => {
    if (call === undefined) return isField(focus) ? [formKeys] : [buttonKeys, formKeys];
    if (call.stage === "running") return [];
    return [call.stage === "made" ? madeKeys : failedKeys, textKeys];
  },
  crumb: () => "new checkpoint",
  typing: ({ call, focus }) => call === undefined && isField(focus),
  leaving: ({ call }, world) =>
    call?.stage === "running"
      ? { title: "Give up", lines: leavingLines(call, world), yes: "give up" }
      : undefined,
};

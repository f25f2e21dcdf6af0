import type { CheckpointCall, ContextNames } from "../../state/cluster.ts";
import type { ScreenEvent, Step } from "../../state/screen.ts";
import { asking } from "./asking.ts";
import { type NewCheckpointState, wantedOf, withText } from "./state.ts";

type S = NewCheckpointState;
type Event<T> = Extract<ScreenEvent, { type: T }>;

/** Takes in what the cluster answers. Answers to what was asked before never arrive here. */
export function answered(state: S, { answer }: Event<"answer">): Step<S> {
  switch (answer.of) {
    case "contexts":
      return contexts(state, answer.value);
    case "namespaces":
      return { state: { ...state, namespaces: { ...state.namespaces, value: answer.value } } };
    case "pods":
      return { state: { ...state, pods: { ...state.pods, value: answer.value } } };
    case "checks":
      return { state: { ...state, checks: { ...state.checks, value: answer.value } } };
    case "makeCheckpoint":
      return progressed(state, answer.value);
    default:
      return { state };
  }
}

/** The current context and its namespace stand where nothing was typed. */
function contexts(state: S, value: ContextNames): Step<S> {
  const known = { ...state, contexts: { value, failure: undefined } };
  const { context, namespace } = wantedOf(known);
  const name = context || (value.current ?? "");
  const entry = value.contexts.find((it) => it.name === name);
  const named = context === "" ? withText(known, "context", name) : known;
  return asking(
    namespace === "" ? withText(named, "namespace", entry?.namespace ?? "default") : named,
  );
}

function progressed(state: S, progress: CheckpointCall): Step<S> {
  if (progress.state !== "made") {
    if (state.call?.stage !== "running") return { state };
    return { state: { ...state, call: { ...state.call, progress } } };
  }
  const next: S = { ...state, call: { stage: "made", made: progress }, top: 0 };
  const { here } = progress;
  if (here === null) return { state: next };
  return { state: next, acts: [{ act: "push", screen: opened(here) }] };
}

/** The screen of an archive on this machine. */
export const opened = (path: string): { kind: string; argument: unknown } => ({
  kind: "checkpoint",
  argument: { path },
});

export function failed(state: S, { slot, failure }: Event<"failed">): Step<S> {
  switch (slot) {
    case "contexts":
      return { state: { ...state, contexts: { value: undefined, failure } } };
    case "namespaces":
      return { state: { ...state, namespaces: { ...state.namespaces, failure } } };
    case "pods":
      return { state: { ...state, pods: { ...state.pods, failure } } };
    case "checks":
      return { state: { ...state, checks: { ...state.checks, failure } } };
    case "make":
      return { state: { ...state, call: { stage: "failed", failure }, top: 0 } };
    default:
      return { state };
  }
}

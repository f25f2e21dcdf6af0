import { formatDuration } from "../../../base/duration.ts";
import type { CallBegun, CheckpointCall } from "../../state/cluster.ts";
import type { Act, Step, World } from "../../state/screen.ts";
import { wrapText } from "../../view/fields.ts";
import { linesText, scrolledTop } from "../lines-screen.ts";
import { opened } from "./answers.ts";
import { meaningOf } from "./meaning.ts";
import { resultLines } from "./result-lines.ts";
import { type Call, type NewCheckpointState, targetName, wantedOf } from "./state.ts";

type S = NewCheckpointState;
type Running = Extract<Call, { stage: "running" }>;

/** A checkpoint freezes somebody's container and writes its memory to a disk, so it is agreed to. */
export function confirmMake(state: S): Act {
  const wanted = wantedOf(state);
  if (wanted.pod === "") return { act: "flash", level: "error", text: "name a pod first" };
  const { value, failure } = state.checks;
  const against = (value?.item.rows ?? []).filter(
    ({ required, verdict }) => required && verdict === "no",
  );
  const node = value?.item.node ?? null;
  return {
    act: "confirm",
    what: "make",
    title: "Checkpoint",
    lines: [
      `${value?.item.name ?? targetName(wanted)}${node === null ? "" : ` on ${node}`}`,
      `context ${wanted.context || "–"}, timeout ${wanted.timeout || "the runtime's own"}`,
      "It stands still while its memory is written, secrets and all.",
      ...(against.length === 0 ? [] : [`✗ unmet: ${against.map(({ id }) => id).join(", ")}`]),
      ...(failure === undefined ? [] : ["✗ the checks failed"]),
      ...(value === undefined && failure === undefined ? ["? the checks are not done yet"] : []),
    ],
    yes: "checkpoint",
  };
}

/** Sends the call. */
export function begin(state: S, { now }: World): Step<S> {
  const wanted = wantedOf(state);
  const call: Call = { stage: "running", wanted, since: now, progress: { state: "finding" } };
  const question = { of: "makeCheckpoint", ...wanted } as const;
  return { state: { ...state, call, top: 0 }, acts: [{ act: "ask", slot: "make", question }] };
}

/** Leaves the call, and says what may go on without us. */
export function giveUp(state: S): Step<S> {
  if (state.call?.stage !== "running") return { state };
  const call: Call = { stage: "left", begun: begunOf(state.call.progress) };
  return { state: { ...state, call, top: 0 }, acts: [{ act: "drop", slot: "make" }] };
}

function begunOf(progress: CheckpointCall): CallBegun | undefined {
  return progress.state === "finding" ? undefined : progress;
}

/** What is said before a call is left. */
export function leavingLines({ wanted, since, progress }: Running, world: World): string[] {
  const { meaning, look } = meaningOf(begunOf(progress));
  const waited = world.now - since;
  const asked = waited < 1000 ? "just now" : `${formatDuration(waited)} ago`;
  // A dialog's border and margins.
  const columns = Math.max(8, Math.min(70, world.body.columns - 8));
  return [
    `The checkpoint of ${targetName(wanted)} was asked for ${asked}.`,
    `If you leave: ${meaning}.`,
    ...(look === null ? [] : [`To see: ${look}`]),
  ].flatMap((text) => wrapText(text, columns));
}

/** Keys while a call is under way, and when it has ended. */
export function called(state: S, command: string, world: World): Step<S> {
  const { call } = state;
  if (call === undefined) return { state };
  if (call.stage === "running") {
    if (command !== "clear") return { state };
    const lines = leavingLines(call, world);
    return {
      state,
      acts: [{ act: "confirm", what: "leave", title: "Give up", lines, yes: "give up" }],
    };
  }
  const lines = resultLines(call, world.body.columns);
  if (command === "copy") return { state, acts: [copied(call, linesText(lines))] };
  if (command === "enter" && call.stage === "made") return { state, acts: [openMade(call.made)] };
  if (command === "enter" || (command === "clear" && call.stage !== "made")) {
    return { state: { ...state, call: undefined, focus: "make", top: 0 } };
  }
  const top = scrolledTop(state.top, command, lines.length, world.body.rows);
  return { state: top === undefined || top === state.top ? state : { ...state, top } };
}

function openMade({ here, node }: Extract<CheckpointCall, { state: "made" }>): Act {
  if (here !== null) return { act: "push", screen: opened(here) };
  const text = `it lies on ${node ?? "another machine"}, not here: c copies its path`;
  return { act: "flash", level: "warning", text };
}

function copied(call: Exclude<Call, Running>, all: string): Act {
  if (call.stage === "made") {
    return { act: "copy", text: call.made.paths.join("\n"), what: "the path" };
  }
  const manifest = call.stage === "failed" ? call.failure.manifest : undefined;
  return manifest === undefined
    ? { act: "copy", text: all, what: "the text" }
    : { act: "copy", text: manifest, what: "the roles" };
}

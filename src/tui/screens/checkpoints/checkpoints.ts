import { formatBytes } from "../../../base/units.ts";
import type { Summary } from "../../../checkpoint/summary.ts";
import { compareKeys } from "../../keys/audit.ts";
import { checkpointsKeys } from "../../keys/table.ts";
import { rowAt } from "../../state/list.ts";
import type { Failure, Listing } from "../../state/questions.ts";
import type { Act, Screen, ScreenEvent, Step, World } from "../../state/screen.ts";
import { bar } from "../../view/bar.ts";
import { emptyLine, type Line, line, span, truncateMiddle } from "../../view/line.ts";
import { listLines, listStatus } from "../../view/table.ts";
import type { DiffArgument } from "../diff/diff.ts";
import { type Listed, listScopes, newListed, updateListed, withRows } from "../list-screen.ts";
import { checkpointModel, frozenAt, nameOf } from "./model.ts";

interface CheckpointsArgument {
  path: string;
}

interface CheckpointsState {
  path: string;
  listed: Listed<Summary>;
  listing: Listing | undefined;
  failure: Failure | undefined;
  /** Is the first answer still to come? */
  waiting: boolean;
  /** Seconds since the folder was last looked at. */
  idle: number;
}

/** Seconds between two looks at the folder. */
const interval = 2;

type S = CheckpointsState;

const look = (path: string): Act => ({
  act: "ask",
  slot: "listing",
  question: { of: "listing", path },
});

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  switch (event.type) {
    case "answer":
      return answered(state, event, world);
    case "failed":
      return failed(state, event);
    case "confirmed":
      return {
        state,
        acts: [{ act: "ask", slot: "secure", question: { of: "secure", path: event.what } }],
      };
    case "shown":
      return { state, acts: [look(state.path)] };
    case "second":
      return second(state);
    default:
      return listing(state, event, world);
  }
}

function second(state: S): Step<S> {
  if (state.idle < interval || state.waiting) return { state: { ...state, idle: state.idle + 1 } };
  return { state: { ...state, idle: 0, waiting: true }, acts: [look(state.path)] };
}

function answered(
  state: S,
  { answer, part }: Extract<ScreenEvent, { type: "answer" }>,
  world: World,
): Step<S> {
  if (answer.of === "secure") {
    const text = answer.value.changed ? "locked down" : "was locked down already";
    return { state, acts: [{ act: "flash", level: "info", text }, look(state.path)] };
  }
  if (answer.of !== "listing") return { state };
  // While a folder is read again, what was known of it stays until all of it is known.
  if (
    part &&
    state.listing !== undefined &&
    state.listing.items.length > answer.value.items.length
  ) {
    return { state };
  }
  const listed = withRows(state.listed, answer.value.items, checkpointModel, world);
  return {
    state: { ...state, listed, listing: answer.value, failure: undefined, waiting: part, idle: 0 },
  };
}

function failed(state: S, { slot, failure }: Extract<ScreenEvent, { type: "failed" }>): Step<S> {
  if (slot === "listing") return { state: { ...state, failure, waiting: false, idle: 0 } };
  return { state, acts: [{ act: "flash", level: "error", text: failure.message }] };
}

function listing(state: S, event: ScreenEvent, world: World): Step<S> {
  if (event.type === "command") {
    const acts = commanded(state, event.command);
    if (acts !== undefined) return { state, acts };
  }
  const step = updateListed(state.listed, checkpointModel, event, world);
  if (step === undefined || step.listed === state.listed) {
    return { state, acts: step?.acts ?? [] };
  }
  return { state: { ...state, listed: step.listed }, acts: step.acts };
}

function commanded(state: S, command: string): readonly Act[] | undefined {
  const row = rowAt(state.listed.rows, checkpointModel, state.listed.list);
  if (command === "refresh") return [look(state.path)];
  if (command === "new-checkpoint") return [addCheckpoint(row)];
  if (command === "compare") return [compare(state)];
  if (row === undefined) return undefined;
  if (command === "open") {
    // What the gate refuses cannot be opened: the reason and the mend are what is left to see.
    if (row.fault?.kind === "refused") return [mend(row)];
    return [{ act: "push", screen: { kind: "checkpoint", argument: { path: row.path } } }];
  }
  if (command === "secure") return [mend(row)];
  if (command === "describe") return describe(row);
  return undefined;
}

/** Compares the two that are marked, the one that was frozen first with the other. */
function compare({ listed: { rows, list } }: S): Act {
  const marked = rows.filter(({ path }) => list.marked.has(path));
  const closed = marked.find(({ fault }) => fault !== null);
  if (marked.length !== 2 || closed !== undefined) {
    const text =
      closed === undefined
        ? "mark two checkpoints with Space to compare them"
        : `${nameOf(closed)} cannot be opened`;
    return { act: "flash", level: "info", text };
  }
  const [before, after] = marked.sort((a, b) => (frozenAt(a) ?? 0) - (frozenAt(b) ?? 0));
  const argument: DiffArgument = { before: before?.path ?? "", after: after?.path ?? "" };
  return { act: "push", screen: { kind: "diff", argument } };
}

/** The container of the row is the likeliest to be meant. */
function addCheckpoint(row: Summary | undefined): Act {
  const { namespace = null, pod = null, container = null } = row ?? {};
  const parts = [namespace, pod, container];
  const target = parts.includes(null) ? "" : parts.join("/");
  return { act: "push", screen: { kind: "new-checkpoint", argument: { target } } };
}

function mend(row: Summary): Act {
  if (row.lockedDown === true) {
    return { act: "flash", level: "info", text: `${nameOf(row)} is locked down` };
  }
  const lines = [
    row.path,
    row.fault?.message ?? "",
    "Owner and mode are put right (0600); links are never followed.",
  ];
  return {
    act: "confirm",
    what: row.path,
    title: "Lock down",
    lines: lines.filter((text) => text !== ""),
    yes: "secure",
  };
}

function describe({ path, fault }: Summary): readonly Act[] {
  if (fault === null) return [{ act: "flash", level: "info", text: `${path} has no fault` }];
  const lines = [path, "", fault.message, ...(fault.next === null ? [] : ["", fault.next])];
  return [{ act: "push", screen: { kind: "text", argument: { title: "why", lines } } }];
}

/** Where we are, and how much there is; a long path gives way to the counts. */
function title({ path, listing: known, failure }: S, { body: { columns } }: World): Line {
  const items = known?.items.length ?? 0;
  const counts =
    known === undefined
      ? ""
      : `   ${items} ${items === 1 ? "archive" : "archives"}  ${formatBytes(known.usedBytes)}`;
  const gone = known !== undefined && failure !== undefined ? `   ✗ ${failure.message}` : "";
  const room = Math.max(10, columns - 20 - counts.length);
  return line(
    span("cryoscope", "strong"),
    `   ${truncateMiddle(path, room)}`,
    span(counts, "dim"),
    span(gone, "danger"),
  );
}

/** Used share of the file system, as a small bar. */
function disk({ freeBytes, totalBytes }: Listing): Line {
  if (freeBytes === null || totalBytes === null || totalBytes === 0) return emptyLine;
  const used = 1 - freeBytes / totalBytes;
  const role = used > 0.9 ? "danger" : used > 0.75 ? "warning" : "dim";
  return line(
    span(`free ${formatBytes(freeBytes)} `, "dim"),
    span(`▕${bar(used, 6).padEnd(6)}▏`, role),
  );
}

function body(state: S, world: World): readonly Line[] {
  const { failure, listed, waiting, listing: known } = state;
  if (failure !== undefined && known === undefined) {
    return [
      emptyLine,
      line("   ", span(`✗ ${failure.message}`, "danger")),
      ...(failure.next === null ? [] : [line(`     ${failure.next}`)]),
    ];
  }
  if (listed.rows.length === 0) {
    const text = waiting ? "reading…" : "no checkpoints here yet; they appear as they are made";
    return [emptyLine, line("   ", span(text, "dim"))];
  }
  return listLines(listed.rows, checkpointModel, listed.list, world);
}

export const checkpointsScreen: Screen<CheckpointsState, CheckpointsArgument> = {
  open: ({ path }) => ({
    state: {
      path,
      listed: newListed(),
      listing: undefined,
      failure: undefined,
      waiting: true,
      idle: 0,
    },
    acts: [look(path)],
  }),
  update,
  view: (state, world) => ({
    title: title(state, world),
    ...(state.listing === undefined ? {} : { aside: disk(state.listing) }),
    lines: body(state, world),
    status: listStatus(state.listed.rows, checkpointModel, state.listed.list),
    busy: state.waiting && state.listing === undefined,
  }),
  scopes: ({ listed }) => [
    ...(listed.list.marked.size === 2 ? [compareKeys] : []),
    checkpointsKeys,
    ...listScopes(checkpointModel, false),
  ],
  crumb: () => "checkpoints",
};

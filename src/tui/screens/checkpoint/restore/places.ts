import type { Answer } from "../../../../node/verdicts/row.ts";
import type { NodeRow, NodesPart } from "../../../state/cluster.ts";
import { type ListModel, rowAt } from "../../../state/list.ts";
import type { RestoreTarget } from "../../../state/restore.ts";
import type { Act, ScreenEvent, Step, World } from "../../../state/screen.ts";
import { type Line, span } from "../../../view/line.ts";
import { listLines } from "../../../view/table.ts";
import { newListed, updateListed, withRows } from "../../list-screen.ts";
import { answerSpan } from "../../nodes/model.ts";
import { wholeFailure } from "../../wrapped.ts";
import type { Choosing, RestoreState } from "./state.ts";

/** A place that a plan can be made against. */
export interface PlaceRow {
  key: string;
  name: string;
  note: string;
  /** Null asks for a file first. */
  target: RestoreTarget | null;
  runtime: string | null;
  kernel: string | null;
  restore: Answer | null;
}

export const placeSlot = "places";
export const filePrompt = "restore-node-file";

const fixed: readonly PlaceRow[] = [
  placeRow("no place", "what any place has to have", { kind: "none" }),
  placeRow("this host", "with its programs, files and kernel", { kind: "host" }),
  placeRow("a saved node…", "kubectl get node NAME -o json >FILE", null),
];

function placeRow(name: string, note: string, target: RestoreTarget | null): PlaceRow {
  return { key: name, name, note, target, runtime: null, kernel: null, restore: null };
}

function nodeRow(row: NodeRow, context: string | null): PlaceRow {
  const { name, ready, runtime, kernel, restore } = row;
  const note = ready === "True" ? "ready" : `ready: ${ready ?? "not known"}`;
  const target: RestoreTarget = { kind: "node", context, name };
  return { key: `node ${name}`, name, note, target, runtime, kernel, restore };
}

export const placeModel: ListModel<PlaceRow> = {
  id: ({ key }) => key,
  columns: [
    {
      title: "PLACE",
      cell: ({ name }) => name,
      flexible: true,
      least: 14,
      sort: { key: "P", by: ({ name }) => name },
    },
    {
      title: "RESTORES",
      cell: ({ restore }) => (restore === null ? "" : [answerSpan(restore)]),
      sort: { key: "R", by: ({ restore }) => restore ?? "" },
    },
    {
      title: "RUNTIME",
      cell: ({ runtime }) => runtime ?? "",
      drop: 2,
      sort: { key: "T", by: ({ runtime }) => runtime ?? "" },
    },
    { title: "KERNEL", cell: ({ kernel }) => kernel ?? "", drop: 3 },
    { title: "NOTE", cell: ({ note }) => [span(note, "dim")], flexible: true, drop: 1 },
  ],
};

/** Opens the list of places; nodes of the cluster come when they are known. */
export function choosePlace(state: RestoreState): Step<RestoreState> {
  const choosing: Choosing = {
    listed: newListed(fixed),
    known: undefined,
    failure: undefined,
    waiting: true,
  };
  const act: Act = { act: "ask", slot: placeSlot, question: { of: "nodes", context: null } };
  return { state: { ...state, choosing }, acts: [act] };
}

/** Takes in nodes of the cluster. This host stands in the list already. */
export function placesKnown(
  choosing: Choosing,
  { rows, ...known }: NodesPart,
  part: boolean,
  world: World,
): Choosing {
  const nodes = rows.filter(({ here }) => !here).map((row) => nodeRow(row, known.context));
  const next = { ...choosing, known, waiting: part };
  const all = [...fixed, ...nodes];
  const listed = withRows(choosing.listed, all, placeModel, world, besides(next, world));
  return { ...next, listed };
}

/** What keeps nodes of a cluster out of the list. */
function notes({ failure, known }: Choosing, { body }: World): Line[] {
  const wrong = failure ?? known?.failure ?? null;
  if (wrong === null) return [];
  return wholeFailure(wrong, body.columns).slice(0, Math.max(2, Math.floor(body.rows / 2)));
}

function besides(choosing: Choosing, world: World): number {
  return notes(choosing, world).length;
}

export function placeLines(choosing: Choosing, world: World): Line[] {
  const below = notes(choosing, world);
  const rows = Math.max(1, world.body.rows - below.length);
  const room = { ...world, body: { ...world.body, rows } };
  const { rows: places, list } = choosing.listed;
  return [...listLines(places, placeModel, list, room), ...below];
}

/** What is done with the place under the cursor. */
export function chosenPlace({ listed }: Choosing): RestoreTarget | "file" | undefined {
  const row = rowAt(listed.rows, placeModel, listed.list);
  return row === undefined ? undefined : (row.target ?? "file");
}

/** Moves, filters and sorts; undefined where the event is not the list's. */
export function updatePlaces(
  state: RestoreState,
  choosing: Choosing,
  event: ScreenEvent,
  world: World,
): Step<RestoreState> {
  const step = updateListed(choosing.listed, placeModel, event, world, besides(choosing, world));
  if (step === undefined) return { state };
  if (step.listed === choosing.listed) return { state, acts: step.acts };
  return { state: { ...state, choosing: { ...choosing, listed: step.listed } }, acts: step.acts };
}

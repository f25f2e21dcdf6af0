import { formatAge } from "../../../base/units.ts";
import type { NodeRow, NodesPart } from "../../state/cluster.ts";
import { rowAt } from "../../state/list.ts";
import type { Failure } from "../../state/questions.ts";
import type { Act, Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { listLines, listStatus } from "../../view/table.ts";
import { type Listed, listScopes, newListed, updateListed, withRows } from "../list-screen.ts";
import type { NodeArgument } from "../node/node.ts";
import { wholeFailure } from "../wrapped.ts";
import { nodeModel } from "./model.ts";

interface NodesArgument {
  /** Of the kubeconfig; null is its current one. */
  context: string | null;
}

interface NodesState extends NodesArgument {
  listed: Listed<NodeRow>;
  /** What was read last, without its rows. */
  known: Omit<NodesPart, "rows"> | undefined;
  /** Why nothing could be read. */
  failure: Failure | undefined;
  waiting: boolean;
}

type S = NodesState;

const look = ({ context }: NodesArgument): Act => ({
  act: "ask",
  slot: "nodes",
  question: { of: "nodes", context },
});

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  switch (event.type) {
    case "answer":
      return answered(state, event, world);
    case "failed":
      return { state: { ...state, failure: event.failure, waiting: false } };
    case "command":
      if (event.command === "refresh")
        return { state: { ...state, waiting: true }, acts: [look(state)] };
      if (event.command === "open") return { state, acts: opened(state) };
      break;
    default:
  }
  const step = updateListed(state.listed, nodeModel, event, world, besides(state, world));
  if (step === undefined) return { state };
  if (step.listed === state.listed) return { state, acts: step.acts };
  return { state: { ...state, listed: step.listed }, acts: step.acts };
}

function answered(
  state: S,
  { answer, part }: Extract<ScreenEvent, { type: "answer" }>,
  world: World,
): Step<S> {
  if (answer.of !== "nodes") return { state };
  const { rows, ...known } = answer.value;
  // While they are read again, the nodes that were known stay until all are.
  if (part && state.known !== undefined && rows.length < state.listed.rows.length) return { state };
  const next: S = { ...state, known, failure: undefined, waiting: part };
  return {
    state: {
      ...next,
      listed: withRows(state.listed, rows, nodeModel, world, besides(next, world)),
    },
  };
}

function opened({ listed, context }: S): readonly Act[] {
  const row = rowAt(listed.rows, nodeModel, listed.list);
  if (row === undefined) return [];
  const argument: NodeArgument = { context, name: row.here ? null : row.name, shown: row.name };
  return [{ act: "push", screen: { kind: "node", argument } }];
}

/** What is said of the cluster below the list. */
function notes({ known, failure }: S, { body }: World): Line[] {
  const wrong = failure ?? known?.failure ?? null;
  if (wrong === null) return [];
  return wholeFailure(wrong, body.columns).slice(0, Math.max(2, Math.floor(body.rows / 2)));
}

function besides(state: S, world: World): number {
  return notes(state, world).length;
}

function viewOf(state: S, world: World): View {
  const { listed, known, waiting } = state;
  const below = notes(state, world);
  const { columns, rows } = world.body;
  const room = { ...world, body: { columns, rows: Math.max(1, rows - below.length) } };
  const list =
    listed.rows.length > 0
      ? listLines(listed.rows, nodeModel, listed.list, room)
      : below.length > 0
        ? []
        : [emptyLine, line("   ", span(waiting ? "reading…" : "no nodes", "dim"))];
  const age =
    known === undefined ? "" : `read ${formatAge(Math.max(0, world.now - known.readAt))} ago`;
  const context = known?.context ?? state.context;
  return {
    title: line(
      span("Nodes", "strong"),
      span(context === null ? "" : `   context ${context}`, "dim"),
    ),
    aside: line(span(age, "dim")),
    lines: [...list, ...below],
    status: listStatus(listed.rows, nodeModel, listed.list),
    busy: waiting,
  };
}

/** This host where it is a node, and the nodes of a cluster. */
export const nodesScreen: Screen<S, NodesArgument> = {
  open: ({ context }) => ({
    state: {
      context,
      listed: newListed(),
      known: undefined,
      failure: undefined,
      waiting: true,
    },
    acts: [look({ context })],
  }),
  update,
  view: viewOf,
  scopes: () => listScopes(nodeModel, true),
  crumb: () => "nodes",
};

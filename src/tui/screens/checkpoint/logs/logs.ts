import { logKeys } from "../../../keys/images.ts";
import { arrange } from "../../../state/list-order.ts";
import type { LogRow } from "../../../state/member-rows.ts";
import type { Act, Step, World } from "../../../state/screen.ts";
import { scrolledTo } from "../../list-screen.ts";
import { type ListTabState, listTab, plainRows } from "../../list-tab.ts";
import { saveMember } from "../../look.ts";
import type { Tab, TabArgument } from "../../tab.ts";
import { lineText, logModel } from "./model.ts";

type State = ListTabState<LogRow, LogRow, TabArgument>;

const base = listTab<LogRow, LogRow, TabArgument>({
  name: "logs",
  title: "Logs",
  list: logModel,
  question: ({ path }, reveal) => ({ of: "logs", path, reveal }),
  items: (answer) => (answer.of === "logs" ? answer.value : undefined),
  rows: plainRows,
  tree: false,
  empty: "the archive holds no log",
  open: (row) => (row.heading ? [] : [wholeLine(row)]),
  copied: lineText,
  save: ({ log }, { path }) => saveMember(path, log),
});

function wholeLine(row: LogRow): Act {
  const { log, time, stream, text } = row;
  const lines = [...[time, stream].filter((it) => it !== ""), "", text];
  return { act: "push", screen: { kind: "text", argument: { title: log, lines } } };
}

/** What the jumps of a log look for, and which way. */
const jumps: Readonly<Record<string, readonly [step: 1 | -1, what: (row: LogRow) => boolean]>> = {
  "mark-next": [1, ({ mark }) => mark === "error" || mark === "warning"],
  "mark-previous": [-1, ({ mark }) => mark === "error" || mark === "warning"],
  "log-next": [1, ({ heading }) => heading],
  "log-previous": [-1, ({ heading }) => heading],
};

/** Goes to the next row of a kind, in the order and with the filter that are shown. */
function jumped(state: State, command: string, world: World): Step<State> | undefined {
  if (command === "log-cause") return toCause(state, world);
  const jump = jumps[command];
  if (jump === undefined) return undefined;
  const [step, wanted] = jump;
  const { rows, list } = state.listed;
  const order = arrange(rows, logModel, list);
  for (let at = list.cursor + step; at >= 0 && at < order.length; at += step) {
    if (!wanted(rows[order[at] as number] as LogRow)) continue;
    const besides = state.problems.length === 0 ? 0 : 1;
    return { state: { ...state, listed: scrolledTo(state.listed, logModel, at, world, besides) } };
  }
  const text = command.startsWith("log") ? "no further log" : "no further error or warning";
  return { state, acts: [{ act: "flash", level: "info", text }] };
}

/** Goes to the error that CRIU's log is about, wherever the cursor is. */
function toCause(state: State, world: World): Step<State> {
  const { rows, list } = state.listed;
  const at = arrange(rows, logModel, list).findIndex((row) => rows[row]?.role === "cause");
  const text = "no log of CRIU's here tells of an error";
  if (at === -1) return { state, acts: [{ act: "flash", level: "info", text }] };
  const besides = state.problems.length === 0 ? 0 : 1;
  return { state: { ...state, listed: scrolledTo(state.listed, logModel, at, world, besides) } };
}

/** Lines of the container's log and of CRIU's. */
export const logsTab: Tab<State> = {
  ...base,
  // Lines that are no headings would be counted as logs.
  count: ({ items, whole }) => (whole ? items.filter(({ heading }) => heading).length : undefined),
  update: (state, event, world) => {
    const step = event.type === "command" ? jumped(state, event.command, world) : undefined;
    return step ?? base.update(state, event, world);
  },
  scopes: (state) => [logKeys, ...base.scopes(state)],
};

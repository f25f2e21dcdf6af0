import { formatBytes } from "../../../base/units.ts";
import type { Inspection } from "../../../checkpoint/inspection.ts";
import { tabKeys } from "../../keys/table.ts";
import type { OnDisk } from "../../state/questions.ts";
import type { Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { type Line, line, span } from "../../view/line.ts";
import type { Tab, TabArgument } from "../tab.ts";
import { type Tabbed, Tabs } from "../tabbed.ts";
import { look, lookInterval, reopen, told } from "./on-disk.ts";
import { tabs } from "./tabs.ts";

interface CheckpointArgument {
  path: string;
}

interface CheckpointState {
  tabbed: Tabbed<TabArgument>;
  /** What the header is made of; the summary's answer. */
  inspection: Inspection | undefined;
  /** What became of the file, as far as the user was told. */
  onDisk: OnDisk;
  /** Seconds since the file was last looked at. */
  idle: number;
}

const pane = new Tabs(tabs);

function update(state: CheckpointState, event: ScreenEvent, world: World): Step<CheckpointState> {
  const { path } = state.tabbed.argument;
  if (event.type === "command" && event.command === "refresh") {
    return { state, acts: [reopen(path)] };
  }
  if (event.type === "answer" && event.answer.of === "reopen") {
    const { state: tabbed, acts = [] } = pane.tellAll(
      state.tabbed,
      { type: "command", command: "refresh" },
      world,
    );
    const gone = event.answer.value === "gone" ? told.gone : [];
    return { state: { ...state, tabbed, onDisk: "same" }, acts: [...acts, ...gone] };
  }
  if (event.type === "answer" && event.answer.of === "onDisk") {
    const onDisk = event.answer.value;
    return onDisk === state.onDisk
      ? { state }
      : { state: { ...state, onDisk }, acts: told[onDisk] };
  }
  const step = updatePane(state, event, world);
  if (event.type !== "second") return step;
  const due = state.idle >= lookInterval;
  return {
    state: { ...step.state, idle: due ? 0 : state.idle + 1 },
    acts: [...(step.acts ?? []), ...(due ? [look(path)] : [])],
  };
}

function updatePane(
  state: CheckpointState,
  event: ScreenEvent,
  world: World,
): Step<CheckpointState> {
  const { state: tabbed, acts } = pane.update(state.tabbed, event, world);
  const inspection =
    event.type === "answer" && event.answer.of === "inspection"
      ? event.answer.value
      : state.inspection;
  const same = tabbed === state.tabbed && inspection === state.inspection;
  return { state: same ? state : { ...state, tabbed, inspection }, acts: acts ?? [] };
}

/** What a checkpoint is called: `shop/cart-0/app`, or the name of its file. */
function checkpointName(path: string, inspection: Inspection | undefined): string {
  const { namespace, pod, name } = inspection?.container ?? {};
  const parts = [namespace, pod, name].filter((part) => part !== null && part !== undefined);
  return parts.length === 0 ? (path.split("/").at(-1) ?? path) : parts.join("/");
}

function title({ tabbed, inspection }: CheckpointState): Line {
  const name = span(checkpointName(tabbed.argument.path, inspection), "strong");
  if (inspection === undefined) return line(name);
  const { runtime, container, archive } = inspection;
  const runs = [runtime.engine, runtime.ociRuntime].filter((it) => it !== null).join(" · ");
  const facts = [
    runs,
    container.checkpointedAt === null
      ? ""
      : `frozen ${container.checkpointedAt.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC")}`,
    archive.sizeBytes === null ? "" : formatBytes(archive.sizeBytes),
  ];
  return line(name, ...facts.filter((it) => it !== "").map((it) => span(`   ${it}`, "dim")));
}

export const checkpointScreen: Screen<CheckpointState, CheckpointArgument> = {
  open: ({ path }, world) => {
    const { state: tabbed, acts } = pane.open({ path }, world);
    return {
      state: { tabbed, inspection: undefined, onDisk: "same", idle: 0 },
      acts: acts ?? [],
    };
  },
  update,
  view: (state, world): View => {
    const { tabbed, inspection } = state;
    const expected = (tab: Tab<unknown>) => inspection && tab.expected?.(inspection);
    return { ...pane.view(tabbed, world, expected), title: title(state) };
  },
  scopes: ({ tabbed }) => [...pane.scopes(tabbed), tabKeys],
  leaving: ({ tabbed }, world) => pane.leaving(tabbed, world),
  crumb: ({ tabbed, inspection }) => checkpointName(tabbed.argument.path, inspection),
};

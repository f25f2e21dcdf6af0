import { formatBytes } from "../../../base/units.ts";
import type { Inspection } from "../../../checkpoint/inspection.ts";
import { tabKeys } from "../../keys/table.ts";
import type { Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { type Line, line, span } from "../../view/line.ts";
import type { Tab, TabArgument } from "../tab.ts";
import { type Tabbed, Tabs } from "../tabbed.ts";
import { tabs } from "./tabs.ts";

export interface CheckpointArgument {
  path: string;
}

interface CheckpointState {
  tabbed: Tabbed<TabArgument>;
  /** What the header is made of; the summary's answer. */
  inspection: Inspection | undefined;
}

const pane = new Tabs(tabs);

function update(state: CheckpointState, event: ScreenEvent, world: World): Step<CheckpointState> {
  const { state: tabbed, acts } = pane.update(state.tabbed, event, world);
  const inspection =
    event.type === "answer" && event.answer.of === "inspection"
      ? event.answer.value
      : state.inspection;
  const same = tabbed === state.tabbed && inspection === state.inspection;
  return { state: same ? state : { tabbed, inspection }, acts: acts ?? [] };
}

/** What a checkpoint is called: `shop/cart-0/app`, or the name of its file. */
export function checkpointName(path: string, inspection: Inspection | undefined): string {
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
    return { state: { tabbed, inspection: undefined }, acts: acts ?? [] };
  },
  update,
  view: (state, world): View => {
    const { tabbed, inspection } = state;
    const expected = (tab: Tab<unknown>) => inspection && tab.expected?.(inspection);
    return { ...pane.view(tabbed, world, expected), title: title(state) };
  },
  scopes: ({ tabbed }) => [...pane.scopes(tabbed), tabKeys],
  crumb: ({ tabbed, inspection }) => checkpointName(tabbed.argument.path, inspection),
};

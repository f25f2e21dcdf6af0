import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { processCommand, processMemory, processState } from "../../../report/process-list-view.ts";
import { detailTabKeys, tabKeys } from "../../keys/table.ts";
import type { Act, Screen, ScreenEvent, Step, World } from "../../state/screen.ts";
import { type Line, line, span } from "../../view/line.ts";
import type { Tab } from "../tab.ts";
import { type Tabbed, Tabs } from "../tabbed.ts";
import type { PartArgument, ProcessArgument } from "./argument.ts";
import { descriptorsTab } from "./descriptors.ts";
import { environmentTab } from "./environment.ts";
import { limitsTab } from "./limits.ts";
import { mappingsTab } from "./mappings.ts";
import { overviewTab } from "./overview.ts";
import { signalsTab } from "./signals.ts";
import { threadsTab } from "./threads.ts";
import { timersTab } from "./timers.ts";

interface ProcessState {
  tabbed: Tabbed<PartArgument>;
  reveal: boolean;
}

type S = ProcessState;

const parts = new Tabs([
  overviewTab,
  environmentTab,
  descriptorsTab,
  mappingsTab,
  threadsTab,
  limitsTab,
  signalsTab,
  timersTab,
] as unknown as readonly Tab<unknown, PartArgument>[]);

/** The screen's own slot: no tab is called so. */
const slot = "process";

/** Most tabs draw the same document, so the screen asks for it once. */
function ask({ tabbed, reveal }: S): Act {
  const { path, pid } = tabbed.argument;
  return { act: "ask", slot, question: { of: "process", path, pid, reveal } };
}

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  if ((event.type === "answer" || event.type === "failed") && event.slot === slot) {
    return told(state, event, world);
  }
  const { state: tabbed, acts = [] } = parts.update(state.tabbed, event, world);
  const next = tabbed === state.tabbed ? state : { ...state, tabbed };
  if (event.type === "world" && world.reveal !== state.reveal) {
    const revealed = { ...next, reveal: world.reveal };
    return { state: revealed, acts: [ask(revealed), ...acts] };
  }
  if (event.type === "command" && event.command === "refresh") {
    return { state: next, acts: [ask(next), ...acts] };
  }
  return { state: next, acts };
}

/** The document goes to the tabs that are open, and to those that will be opened. */
function told(state: S, event: ScreenEvent, world: World): Step<S> {
  const { state: tabbed, acts = [] } = parts.tellAll(state.tabbed, event, world);
  const document =
    event.type === "answer" && event.answer.of === "process"
      ? event.answer.value
      : tabbed.argument.document;
  return {
    state: { ...state, tabbed: { ...tabbed, argument: { ...tabbed.argument, document } } },
    acts,
  };
}

function title({ pid, document }: PartArgument): Line {
  const name = span(`pid ${pid}`, "strong");
  if (document === undefined) return line(name);
  return line(
    name,
    ` ${document.comm ?? ""}`,
    span(`   ${processState(document)}   ${processMemory(document)}   `, "dim"),
    span(processCommand(document), "dim"),
  );
}

/** One process, in parts that are tabs. */
export const processScreen: Screen<ProcessState, ProcessArgument> = {
  open: ({ path, pid }, world) => {
    const { state: tabbed, acts = [] } = parts.open({ path, pid, document: undefined }, world);
    const state: S = { tabbed, reveal: world.reveal };
    return { state, acts: [ask(state), ...acts] };
  },
  update,
  view: ({ tabbed }, world) => ({
    ...parts.view(tabbed, world, (tab) => expected(tab.name, tabbed.argument.document)),
    title: title(tabbed.argument),
  }),
  scopes: ({ tabbed }) => [...parts.scopes(tabbed), detailTabKeys, tabKeys],
  crumb: ({ tabbed }) => `pid ${tabbed.argument.pid}`,
};

/** Counts that the document knows before their tabs were looked at. */
function expected(name: string, document: ProcessDocument | undefined): number | undefined {
  if (document === undefined) return undefined;
  if (name === "threads") return document.threads.length;
  if (name === "environment") return document.environment?.length;
  if (name === "timers") return document.intervalTimers.length + document.posixTimers.length;
  return undefined;
}

import { formatBytes } from "../../../base/units.ts";
import type { Inspection } from "../../../checkpoint/inspection.ts";
import { tabKeys } from "../../keys/table.ts";
import type { Act, Screen, ScreenEvent, Step, View, World } from "../../state/screen.ts";
import { type Line, line, type Span, span, textWidth } from "../../view/line.ts";
import type { Tab } from "../tab.ts";
import { tabs } from "./tabs.ts";

export interface CheckpointArgument {
  path: string;
}

interface CheckpointState {
  path: string;
  /** Name of the tab that is shown. */
  tab: string;
  /** States of the tabs that were looked at. */
  panes: Readonly<Record<string, unknown>>;
  /** What the header is made of; the summary's answer. */
  inspection: Inspection | undefined;
}

type S = CheckpointState;

/** The line of tabs takes one row. */
function paneWorld(world: World): World {
  return { ...world, body: { ...world.body, rows: Math.max(1, world.body.rows - 1) } };
}

function tabOf(name: string): Tab<unknown> {
  return (tabs.find((tab) => tab.name === name) ?? tabs[0]) as Tab<unknown>;
}

/** Acts of a tab, with its name before its slots: two tabs may call a slot alike. */
function named(tab: string, acts: readonly Act[] = []): Act[] {
  return acts.map((act) =>
    act.act === "ask" || act.act === "drop" ? { ...act, slot: `${tab}/${act.slot}` } : act,
  );
}

function opened(state: S, name: string, world: World): Step<S> {
  const tab = tabOf(name);
  const next = { ...state, tab: tab.name };
  if (Object.hasOwn(state.panes, tab.name)) {
    return toPane(next, tab.name, { type: "shown" }, world);
  }
  const step = tab.open({ path: state.path }, paneWorld(world));
  return {
    state: { ...next, panes: { ...state.panes, [tab.name]: step.state } },
    acts: named(tab.name, step.acts),
  };
}

function toPane(state: S, name: string, event: ScreenEvent, world: World): Step<S> {
  const before = state.panes[name];
  if (before === undefined) return { state };
  const step = tabOf(name).update(before, event, paneWorld(world));
  const panes = step.state === before ? state.panes : { ...state.panes, [name]: step.state };
  return {
    state: panes === state.panes ? state : { ...state, panes },
    acts: named(name, step.acts),
  };
}

function update(state: S, event: ScreenEvent, world: World): Step<S> {
  if (event.type === "command") {
    const tab = tabCommand(state, event.command);
    return tab === undefined ? toPane(state, state.tab, event, world) : opened(state, tab, world);
  }
  if (event.type === "answer" || event.type === "failed") {
    const [tab = "", ...slot] = event.slot.split("/");
    const own = { ...event, slot: slot.join("/") };
    const known =
      event.type === "answer" && event.answer.of === "inspection"
        ? { ...state, inspection: event.answer.value }
        : state;
    return toPane(known, tab, own, world);
  }
  if (event.type === "world") return everyPane(state, event, world);
  return toPane(state, state.tab, event, world);
}

function everyPane(state: S, event: ScreenEvent, world: World): Step<S> {
  const acts: Act[] = [];
  let next = state;
  for (const name of Object.keys(state.panes)) {
    const step = toPane(next, name, event, world);
    next = step.state;
    acts.push(...(step.acts ?? []));
  }
  return { state: next, acts };
}

function tabCommand({ tab }: S, command: string): string | undefined {
  const at = tabs.findIndex(({ name }) => name === tab);
  if (command === "tab-next") return tabs[(at + 1) % tabs.length]?.name;
  if (command === "tab-previous") return tabs[(at + tabs.length - 1) % tabs.length]?.name;
  const match = /^tab-(.+)$/.exec(command);
  if (match === null) return undefined;
  const number = Number(match[1]);
  return Number.isInteger(number) ? (tabs[number - 1]?.name ?? tab) : tabOf(match[1] ?? "").name;
}

/** What a checkpoint is called: `shop/cart-0/app`, or the name of its file. */
export function checkpointName(path: string, inspection: Inspection | undefined): string {
  const { namespace, pod, name } = inspection?.container ?? {};
  const parts = [namespace, pod, name].filter((part) => part !== null && part !== undefined);
  return parts.length === 0 ? (path.split("/").at(-1) ?? path) : parts.join("/");
}

function title({ path, inspection }: S): Line {
  const name = span(checkpointName(path, inspection), "strong");
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

function tabLine(state: S, columns: number): Line {
  const count = (tab: Tab<unknown>): string => {
    const pane = state.panes[tab.name];
    const number = pane === undefined ? undefined : tab.count?.(pane);
    return number === undefined ? "" : ` ${number}`;
  };
  const spans: Span[] = [];
  // Where not all titles fitted, numbers stand for those that are not shown.
  const width = tabs.reduce((sum, tab) => sum + textWidth(tab.title + count(tab)) + 2, 1);
  const narrow = width > columns;
  tabs.forEach((tab, at) => {
    const shown = tab.name === state.tab;
    const text = narrow && !shown ? `${at + 1}` : `${tab.title}${count(tab)}`;
    spans.push({ text: " " }, span(text, shown ? "accent" : "dim"), { text: " " });
  });
  return { spans };
}

export const checkpointScreen: Screen<CheckpointState, CheckpointArgument> = {
  open: ({ path }, world) =>
    opened({ path, tab: "", panes: {}, inspection: undefined }, tabs[0]?.name ?? "", world),
  update,
  view: (state, world): View => {
    const tab = tabOf(state.tab);
    const view = tab.view(state.panes[tab.name], paneWorld(world));
    return { ...view, title: title(state), tabs: tabLine(state, world.body.columns) };
  },
  scopes: (state) => [...tabOf(state.tab).scopes(state.panes[state.tab]), tabKeys],
  crumb: ({ path, inspection }) => checkpointName(path, inspection),
};

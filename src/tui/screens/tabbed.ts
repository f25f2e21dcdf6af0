import type { Scope } from "../keys/binding.ts";
import type { Act, Leaving, ScreenEvent, Step, View, World } from "../state/screen.ts";
import { type Line, type Span, span, textWidth } from "../view/line.ts";
import type { Tab } from "./tab.ts";

/** State of a screen that has tabs, as far as the tabs go. */
export interface Tabbed<A> {
  /** What tabs are opened with. */
  argument: A;
  /** Name of the tab that is shown. */
  tab: string;
  /** States of the tabs that were looked at. */
  panes: Readonly<Record<string, unknown>>;
}

/** Runs the tabs of a screen: opens them when they are first looked at, and tells them events. */
export class Tabs<A> {
  readonly #tabs: readonly Tab<unknown, A>[];

  constructor(tabs: readonly Tab<unknown, A>[]) {
    this.#tabs = tabs;
  }

  /** Opens the first tab. */
  open(argument: A, world: World): Step<Tabbed<A>> {
    return this.#show({ argument, tab: "", panes: {} }, this.#tabs[0]?.name ?? "", world);
  }

  /** Hands an event to the tab that it is for; commands that choose a tab end here. */
  update(state: Tabbed<A>, event: ScreenEvent, world: World): Step<Tabbed<A>> {
    if (event.type === "command") {
      const name = this.#named(state.tab, event.command);
      if (name !== undefined) return this.#show(state, name, world);
    }
    if (event.type === "answer" || event.type === "failed") {
      const [tab = "", ...slot] = event.slot.split("/");
      return this.#tell(state, tab, { ...event, slot: slot.join("/") }, world);
    }
    if (event.type === "world") return this.tellAll(state, event, world);
    if (event.type === "pointed") {
      return this.#tell(state, state.tab, { ...event, row: event.row - 1 }, world);
    }
    return this.#tell(state, state.tab, event, world);
  }

  /** Tells every tab that was looked at. */
  tellAll(state: Tabbed<A>, event: ScreenEvent, world: World): Step<Tabbed<A>> {
    const acts: Act[] = [];
    let next = state;
    for (const name of Object.keys(state.panes)) {
      const step = this.#tell(next, name, event, world);
      next = step.state;
      acts.push(...(step.acts ?? []));
    }
    return { state: next, acts };
  }

  /** What the chosen tab shows, below the line of tabs. */
  view(
    state: Tabbed<A>,
    world: World,
    expected: (tab: Tab<unknown, A>) => number | undefined,
  ): View {
    const tab = this.#tab(state.tab);
    const view = tab.view(state.panes[tab.name], inner(world));
    return { ...view, tabs: this.#line(state, world.body.columns, expected) };
  }

  scopes({ tab, panes }: Tabbed<A>): readonly Scope[] {
    return this.#tab(tab).scopes(panes[tab]);
  }

  /** What ends with any of the tabs, where that is to be agreed to. */
  leaving({ panes }: Tabbed<A>, world: World): Leaving | undefined {
    for (const [name, pane] of Object.entries(panes)) {
      const leaving = this.#tab(name).leaving?.(pane, inner(world));
      if (leaving !== undefined) return leaving;
    }
    return undefined;
  }

  #tab(name: string): Tab<unknown, A> {
    return (this.#tabs.find((tab) => tab.name === name) ?? this.#tabs[0]) as Tab<unknown, A>;
  }

  #show(state: Tabbed<A>, name: string, world: World): Step<Tabbed<A>> {
    const tab = this.#tab(name);
    const next = { ...state, tab: tab.name };
    if (Object.hasOwn(state.panes, tab.name)) {
      return this.#tell(next, tab.name, { type: "shown" }, world);
    }
    const step = tab.open(state.argument, inner(world));
    return {
      state: { ...next, panes: { ...state.panes, [tab.name]: step.state } },
      acts: slotted(tab.name, step.acts),
    };
  }

  #tell(state: Tabbed<A>, name: string, event: ScreenEvent, world: World): Step<Tabbed<A>> {
    if (!Object.hasOwn(state.panes, name)) return { state };
    const before = state.panes[name];
    const step = this.#tab(name).update(before, event, inner(world));
    const same = step.state === before;
    return {
      state: same ? state : { ...state, panes: { ...state.panes, [name]: step.state } },
      acts: slotted(name, step.acts),
    };
  }

  /** The tab that a command means: the next, the one before, by number or by name. */
  #named(tab: string, command: string): string | undefined {
    const tabs = this.#tabs;
    const at = tabs.findIndex(({ name }) => name === tab);
    if (command === "tab-next") return tabs[(at + 1) % tabs.length]?.name;
    if (command === "tab-previous") return tabs[(at + tabs.length - 1) % tabs.length]?.name;
    const match = /^tab-(.+)$/.exec(command);
    if (match === null) return undefined;
    const number = Number(match[1]);
    return Number.isInteger(number)
      ? (tabs[number - 1]?.name ?? tab)
      : this.#tab(match[1] ?? "").name;
  }

  #line(
    { tab: chosen, panes }: Tabbed<A>,
    columns: number,
    expected: (tab: Tab<unknown, A>) => number | undefined,
  ): Line {
    const counted = this.#tabs.map((tab) => {
      const open = Object.hasOwn(panes, tab.name);
      const count = (open ? tab.count?.(panes[tab.name]) : undefined) ?? expected(tab);
      return count === undefined ? tab.title : `${tab.title} ${count}`;
    });
    const at = this.#tabs.findIndex(({ name }) => name === chosen);
    const { titles, gap } = fittingTitles(this.#tabs, counted, at, columns);
    const spans: Span[] = titles.flatMap((text, each) => [
      { text: each === 0 ? " " : " ".repeat(gap) },
      span(text, each === at ? "accent" : "dim"),
    ]);
    return { spans };
  }
}

interface Titles {
  titles: readonly string[];
  /** Columns between two of them. */
  gap: number;
}

/** The longest titles that all have room; the chosen tab keeps its own. At last, numbers. */
function fittingTitles(
  tabs: readonly { title: string }[],
  counted: readonly string[],
  chosen: number,
  columns: number,
): Titles {
  const own = (text: (at: number) => string): string[] =>
    tabs.map((_, at) => (at === chosen ? (counted[at] ?? "") : text(at)));
  const letters = (count: number): string[] => own((at) => tabs[at]?.title.slice(0, count) ?? "");
  const choices: Titles[] = [
    { titles: counted, gap: 2 },
    { titles: own((at) => tabs[at]?.title ?? ""), gap: 2 },
    { titles: letters(4), gap: 2 },
    { titles: letters(4), gap: 1 },
    { titles: letters(3), gap: 1 },
  ];
  const fits = ({ titles, gap }: Titles): boolean =>
    titles.reduce((sum, title) => sum + textWidth(title) + gap, 1 - gap) < columns;
  return choices.find(fits) ?? { titles: own((at) => `${at + 1}`), gap: 1 };
}

/** The line of tabs takes one row. */
function inner(world: World): World {
  return { ...world, body: { ...world.body, rows: Math.max(1, world.body.rows - 1) } };
}

/** Acts of a tab, with its name before its slots: two tabs may call a slot alike. */
function slotted(tab: string, acts: readonly Act[] = []): Act[] {
  return acts.map((act) =>
    act.act === "ask" || act.act === "drop" ? { ...act, slot: `${tab}/${act.slot}` } : act,
  );
}

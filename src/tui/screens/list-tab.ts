import type { Problem } from "../../base/problem.ts";
import type { Inspection } from "../../checkpoint/inspection.ts";
import type { Scope } from "../keys/binding.ts";
import { foldKeys, problemKeys } from "../keys/table.ts";
import { type ListModel, type ListState, rowAt } from "../state/list.ts";
import { arrange, cellText } from "../state/list-order.ts";
import type { Answer, Failure, Question, RowsPart } from "../state/questions.ts";
import type { Act, ScreenEvent, Step, View, World } from "../state/screen.ts";
import { emptyLine, type Line, line, span } from "../view/line.ts";
import { listLines, listStatus } from "../view/table.ts";
import { failureLines } from "./lines-screen.ts";
import { type Listed, listScopes, newListed, updateListed, withRows } from "./list-screen.ts";
import { problemLine, problemScreen } from "./problems.ts";
import type { Tab } from "./tab.ts";

/** A tab that lists what one question answers. */
interface ListTabModel<Item, Row, A> {
  name: string;
  title: string;
  list: ListModel<Row>;
  question: (argument: A, reveal: boolean) => Question;
  /** The items of an answer; undefined where it answers another question. */
  items: (answer: Answer) => RowsPart<Item> | undefined;
  /** Rows of the items. `flat`: a filter or an order is set, which no tree survives. */
  rows: (items: readonly Item[], folded: ReadonlySet<string>, flat: boolean) => readonly Row[];
  /** Is it a tree, whose branches fold? */
  tree: boolean;
  /** Said where there is nothing. */
  empty: string;
  /** What Enter does with a row. */
  open?: (row: Row, argument: A) => readonly Act[];
  /** What is copied of a row, instead of its cells. */
  copied?: (row: Row) => string;
  /** What Ctrl-S saves instead of the list. */
  save?: (row: Row, argument: A) => Act | undefined;
  expected?: (inspection: Inspection) => number;
}

export interface ListTabState<Item, Row, A> {
  argument: A;
  items: readonly Item[];
  listed: Listed<Row>;
  /** Ids of rows whose branches are folded away. */
  folded: ReadonlySet<string>;
  /** Items of an answer that is not whole yet: more of them than are shown, or newer ones. */
  coming: readonly Item[];
  /** Was there a whole answer? Until the next one is, its rows stay. */
  whole: boolean;
  problems: readonly Problem[];
  failure: Failure | undefined;
  reveal: boolean;
}

type Model<Item, Row, A> = ListTabModel<Item, Row, A>;
type State<Item, Row, A> = ListTabState<Item, Row, A>;

/** Where the rows are asked for. */
const slot = "rows";

const isFlat = ({ filter, sort }: ListState): boolean => filter !== "" || sort !== undefined;

/** The last row belongs to the problems, where there are any. */
function listWorld(world: World, problems: readonly Problem[]): World {
  if (problems.length === 0) return world;
  return { ...world, body: { ...world.body, rows: Math.max(1, world.body.rows - 1) } };
}

function ask<I, R, A>(model: Model<I, R, A>, { argument, reveal }: State<I, R, A>): Act {
  return { act: "ask", slot, question: model.question(argument, reveal) };
}

function reshaped<I, R, A>(
  model: Model<I, R, A>,
  state: State<I, R, A>,
  world: World,
): State<I, R, A> {
  const { items, listed, folded, problems } = state;
  const rows = model.rows(items, folded, isFlat(listed.list));
  return { ...state, listed: withRows(listed, rows, model.list, listWorld(world, problems)) };
}

function answered<I, R, A>(
  model: Model<I, R, A>,
  state: State<I, R, A>,
  event: Extract<ScreenEvent, { type: "answer" }>,
  world: World,
): State<I, R, A> {
  const got = model.items(event.answer);
  if (got === undefined) return state;
  const items = got.at === 0 ? got.rows : [...state.coming, ...got.rows];
  // Rows are laid out anew when there are twice as many: not with each of a hundred parts.
  const few = items.length < 2 * state.items.length;
  if (event.part && (state.whole || few)) return { ...state, coming: items };
  const problems = event.part
    ? state.problems
    : got.problems.filter(({ severity }) => severity !== "note");
  const coming = event.part ? items : [];
  const whole = state.whole || !event.part;
  return reshaped(model, { ...state, items, coming, whole, problems, failure: undefined }, world);
}

/** What a command of the tab's own does; undefined where it is none. */
function commanded<I, R, A>(
  model: Model<I, R, A>,
  state: State<I, R, A>,
  command: string,
  world: World,
): Step<State<I, R, A>> | undefined {
  const { listed, argument, problems } = state;
  if (command === "refresh") return { state, acts: [ask(model, state)] };
  if (command === "problems") return { state, acts: [problemScreen(problems)] };
  if (command === "tree") return unsorted(model, state, world);
  if (command === "clear" && model.tree && listed.list.sort !== undefined) {
    return unsorted(model, state, world);
  }
  const row = rowAt(listed.rows, model.list, listed.list);
  if (row === undefined) return undefined;
  if (command === "open") return { state, acts: model.open?.(row, argument) ?? [] };
  if (command === "fold") return folded(model, state, row, world);
  if (command === "copy" && model.copied !== undefined) {
    return { state, acts: [{ act: "copy", text: model.copied(row), what: "the row" }] };
  }
  if (command !== "save") return undefined;
  return { state, acts: [model.save?.(row, argument) ?? saveList(model, listed)] };
}

function unsorted<I, R, A>(
  model: Model<I, R, A>,
  state: State<I, R, A>,
  world: World,
): Step<State<I, R, A>> {
  const { rows, list } = state.listed;
  const listed = { rows, list: { ...list, sort: undefined } };
  return { state: reshaped(model, { ...state, listed }, world) };
}

function folded<I, R, A>(
  model: Model<I, R, A>,
  state: State<I, R, A>,
  row: R,
  world: World,
): Step<State<I, R, A>> {
  if (isFlat(state.listed.list)) return { state };
  const set = new Set(state.folded);
  const id = model.list.id(row);
  if (!set.delete(id)) set.add(id);
  return { state: reshaped(model, { ...state, folded: set }, world) };
}

/** Rows as they are shown, as text with tabs between the cells. */
function saveList<I, R, A>({ list, name }: Model<I, R, A>, { rows, list: state }: Listed<R>): Act {
  const lines = [list.columns.map(({ title }) => title).join("\t")];
  for (const at of arrange(rows, list, state)) {
    const row = rows[at] as R;
    lines.push(list.columns.map(({ cell }) => cellText(cell(row, 0)).trim()).join("\t"));
  }
  const text = `${lines.join("\n")}\n`;
  return { act: "save", name: `${name}.tsv`, content: { from: "text", text } };
}

function update<I, R, A>(
  model: Model<I, R, A>,
  state: State<I, R, A>,
  event: ScreenEvent,
  world: World,
): Step<State<I, R, A>> {
  if (event.type === "answer") return { state: answered(model, state, event, world) };
  if (event.type === "failed") {
    return { state: event.slot === slot ? { ...state, failure: event.failure } : state };
  }
  if (event.type === "command") {
    const step = commanded(model, state, event.command, world);
    if (step !== undefined) return step;
  }
  const step = updateListed(state.listed, model.list, event, listWorld(world, state.problems));
  let next = state;
  if (step !== undefined && step.listed !== state.listed) {
    next = { ...state, listed: step.listed };
    const flat = isFlat(step.listed.list);
    if (model.tree && flat !== isFlat(state.listed.list)) next = reshaped(model, next, world);
  }
  if (event.type !== "world" || world.reveal === state.reveal) {
    return { state: next, acts: step?.acts ?? [] };
  }
  next = { ...next, reveal: world.reveal };
  return { state: next, acts: [ask(model, next)] };
}

function body<I, R, A>(
  model: Model<I, R, A>,
  { listed, failure, whole, problems }: State<I, R, A>,
  world: World,
): readonly Line[] {
  if (failure !== undefined) return failureLines(failure);
  const { body: room } = listWorld(world, problems);
  const lines: Line[] =
    listed.rows.length === 0
      ? [emptyLine, line("   ", span(whole ? model.empty : "reading…", "dim"))]
      : listLines(listed.rows, model.list, listed.list, { ...world, body: room });
  if (problems.length === 0) return lines;
  const blank = Array.from({ length: Math.max(0, room.rows - lines.length) }, () => emptyLine);
  return [...lines.slice(0, room.rows), ...blank, problemLine(problems, room.columns)];
}

/** Makes such a tab. Rows come in parts, and are shown as they come. */
export function listTab<I, R, A>(model: Model<I, R, A>): Tab<State<I, R, A>, A> {
  const { name, title, list, expected } = model;
  const scopes = (problems: readonly Problem[]): Scope[] => [
    ...(model.tree ? [foldKeys] : []),
    ...listScopes(list, model.open !== undefined),
    ...(problems.length === 0 ? [] : [problemKeys]),
  ];
  return {
    name,
    title,
    count: ({ items, whole }) => (whole ? items.length : undefined),
    ...(expected === undefined ? {} : { expected }),
    open: (argument, { reveal }) => {
      const state: State<I, R, A> = {
        argument,
        items: [],
        listed: newListed(),
        folded: new Set(),
        coming: [],
        whole: false,
        problems: [],
        failure: undefined,
        reveal,
      };
      return { state, acts: [ask(model, state)] };
    },
    update: (state, event, world) => update(model, state, event, world),
    view: (state, world): View => ({
      title: emptyLine,
      lines: body(model, state, world),
      status:
        state.failure === undefined ? listStatus(state.listed.rows, list, state.listed.list) : "",
      busy: !state.whole && state.failure === undefined,
    }),
    scopes: ({ problems }) => scopes(problems),
    crumb: () => name,
  };
}

/** Rows that are the items themselves. */
export const plainRows = <Item>(items: readonly Item[]): readonly Item[] => items;

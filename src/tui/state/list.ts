import type { Binding, Scope } from "../keys/binding.ts";
import type { Span } from "../view/line.ts";
import { arrange } from "./list-order.ts";

/** A column of a list. */
export interface Column<Row> {
  title: string;
  /** The cell's text, or pieces of it with their roles. */
  cell: (row: Row, now: number) => string | readonly Span[];
  align?: "right";
  /** Takes what is left over, and gives way first. */
  flexible?: boolean;
  /** Columns that a flexible one keeps as long as others can be dropped; 8 where it is left out. */
  least?: number;
  /** How much room it takes beside other flexible ones; 1 where it is left out. */
  share?: number;
  /** Long texts are cut in the middle: paths. */
  path?: boolean;
  /** Only in wide mode. */
  wide?: boolean;
  /** Dropped first in a narrow window, the highest number first; 0 or none stays. */
  drop?: number;
  /** Sorting: the capital letter that asks for it, and by what. */
  sort?: { key: string; by: (row: Row) => string | number | bigint };
}

/** How rows of one kind are listed. */
export interface ListModel<Row> {
  columns: readonly Column<Row>[];
  /** Stable name of a row: the cursor and marks stay with it when rows change. */
  id: (row: Row) => string;
  /** A row that has no cells to show, only something to say: takes the whole width. */
  whole?: (row: Row) => readonly Span[] | undefined;
  /** What the filter looks at; all cells where it is left out. */
  text?: (row: Row) => string;
}

/** State of a list, without its rows. Rows are counted in the order that is shown. */
export interface ListState {
  cursor: number;
  /** First row shown. */
  top: number;
  /** Columns scrolled away at the left. */
  left: number;
  filter: string;
  sort: { column: string; reverse: boolean } | undefined;
  marked: ReadonlySet<string>;
}

export const newList: ListState = {
  cursor: 0,
  top: 0,
  left: 0,
  filter: "",
  sort: undefined,
  marked: new Set(),
};

/** The row under the cursor. */
export function rowAt<Row>(
  rows: readonly Row[],
  model: ListModel<Row>,
  list: ListState,
): Row | undefined {
  const at = arrange(rows, model, list)[list.cursor];
  return at === undefined ? undefined : rows[at];
}

/** The list with its cursor inside `count` rows and inside the `height` rows that are shown. */
export function scrolled(list: ListState, count: number, height: number): ListState {
  const cursor = Math.max(0, Math.min(list.cursor, count - 1));
  const room = Math.max(1, height);
  const last = Math.max(0, count - room);
  const top = Math.min(Math.max(list.top, cursor - room + 1), cursor, last);
  return cursor === list.cursor && top === list.top ? list : { ...list, cursor, top };
}

const moves: Readonly<Record<string, (list: ListState, page: number) => number>> = {
  down: ({ cursor }) => cursor + 1,
  up: ({ cursor }) => cursor - 1,
  "page-down": ({ cursor }, page) => cursor + page,
  "page-up": ({ cursor }, page) => cursor - page,
  top: () => 0,
  bottom: () => Number.MAX_SAFE_INTEGER,
};

/** Columns that a step to the right scrolls. */
const sidestep = 8;

/**
 * What a command does to a list; undefined where the command is not for lists.
 * @param height rows that are shown.
 */
export function updateList<Row>(
  list: ListState,
  command: string,
  rows: readonly Row[],
  model: ListModel<Row>,
  height: number,
): ListState | undefined {
  const move = moves[command];
  const count = arrange(rows, model, list).length;
  if (move !== undefined) {
    return scrolled({ ...list, cursor: move(list, Math.max(1, height - 1)) }, count, height);
  }
  if (command === "scroll-right") return { ...list, left: list.left + sidestep };
  if (command === "scroll-left") return { ...list, left: Math.max(0, list.left - sidestep) };
  if (command === "mark") return marked(list, rows, model, count, height);
  if (command.startsWith("sort-")) return resorted(list, command.slice(5), rows, model, height);
  return undefined;
}

function marked<Row>(
  list: ListState,
  rows: readonly Row[],
  model: ListModel<Row>,
  count: number,
  height: number,
): ListState {
  const row = rowAt(rows, model, list);
  if (row === undefined) return list;
  const marks = new Set(list.marked);
  const id = model.id(row);
  if (!marks.delete(id)) marks.add(id);
  return scrolled({ ...list, marked: marks, cursor: list.cursor + 1 }, count, height);
}

function resorted<Row>(
  list: ListState,
  column: string,
  rows: readonly Row[],
  model: ListModel<Row>,
  height: number,
): ListState {
  const again = list.sort?.column === column;
  const sort = { column, reverse: again && list.sort?.reverse === false };
  return kept({ ...list, sort }, list, rows, rows, model, height);
}

/** The list with another filter; the cursor stays with its row where that still passes. */
export function refiltered<Row>(
  list: ListState,
  filter: string,
  rows: readonly Row[],
  model: ListModel<Row>,
  height: number,
): ListState {
  return kept({ ...list, filter }, list, rows, rows, model, height);
}

/** The list after its rows were read again. */
export function rerowed<Row>(
  list: ListState,
  before: readonly Row[],
  rows: readonly Row[],
  model: ListModel<Row>,
  height: number,
): ListState {
  return kept(list, list, before, rows, model, height);
}

function kept<Row>(
  next: ListState,
  list: ListState,
  before: readonly Row[],
  rows: readonly Row[],
  model: ListModel<Row>,
  height: number,
): ListState {
  const row = rowAt(before, model, list);
  const order = arrange(rows, model, next);
  const id = row === undefined ? undefined : model.id(row);
  // At the first row nobody chose anything: what comes first now is what is wanted.
  const found =
    id === undefined || list.cursor === 0
      ? -1
      : order.findIndex((at) => model.id(rows[at] as Row) === id);
  const cursor = found === -1 ? Math.min(list.cursor, order.length - 1) : found;
  return scrolled({ ...next, cursor }, order.length, height);
}

/** A capital letter for each column that sorts, as keys of the help. */
export function sortScope<Row>({ columns }: ListModel<Row>): Scope {
  const bindings: Binding[] = columns.flatMap(({ title, sort }) =>
    sort === undefined
      ? []
      : [
          {
            keys: [sort.key],
            command: `sort-${title}`,
            help: `sort by ${title.toLowerCase()}; again reverses`,
          },
        ],
  );
  return { title: "Sorting", bindings };
}

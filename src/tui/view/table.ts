import type { Column, ListModel, ListState } from "../state/list.ts";
import { arrange, cellText } from "../state/list-order.ts";
import type { World } from "../state/screen.ts";
import {
  fitted,
  type Line,
  type Span,
  span,
  textWidth,
  truncateMiddle,
  windowLine,
} from "./line.ts";

/** Rows that column widths are measured on, besides those that are shown. */
const measured = 200;

/**
 * The lines of a list: a heading and the rows around the cursor. Costs what is shown, whatever the
 * number of rows.
 */
export function listLines<Row>(
  rows: readonly Row[],
  model: ListModel<Row>,
  list: ListState,
  world: World,
): Line[] {
  const order = arrange(rows, model, list);
  const height = Math.max(1, world.body.rows - 1);
  const top = Math.min(list.top, Math.max(0, order.length - height));
  const shown = [...order.subarray(top, top + height)].map((at) => rows[at] as Row);
  const sample = [...order.subarray(0, measured)].map((at) => rows[at] as Row);
  const columns = laidOut(model.columns, [...sample, ...shown], world);
  const body = shown.map((row, at) => rowLine(row, columns, model, list, world, top + at));
  return [headingLine(columns, list, world.body.columns), ...body];
}

interface LaidOut<Row> {
  column: Column<Row>;
  width: number;
}

const gap = 2;
/** Columns below which a path says nothing. */
const leastPath = 8;
const gutter = 3;

function laidOut<Row>(
  all: readonly Column<Row>[],
  rows: readonly Row[],
  world: World,
): LaidOut<Row>[] {
  const natural = all
    .filter(({ wide }) => wide !== true || world.wide)
    .map((column) => ({ column, width: naturalWidth(column, rows, world.now) }));
  let columns = natural;
  const droppable = [...natural]
    .filter(({ column }) => (column.drop ?? 0) > 0)
    .sort((a, b) => (b.column.drop ?? 0) - (a.column.drop ?? 0));
  const room = world.body.columns - gutter;
  // Flexible columns may shrink to this before a column is dropped.
  const least = ({ column, width }: LaidOut<Row>): number =>
    column.flexible === true
      ? Math.min(width, Math.max(column.least ?? 8, textWidth(column.title)))
      : width;
  while (droppable.length > 0 && total(columns.map(least)) > room && !world.wide) {
    const [first] = droppable.splice(0, 1);
    columns = columns.filter((entry) => entry !== first);
  }
  // Wide lists scroll to the right, so nothing has to give way.
  return world.wide ? columns : shrunk(columns, room, least);
}

function total(widths: readonly number[], between = gap): number {
  return widths.reduce((sum, width) => sum + width + between, -between);
}

function naturalWidth<Row>(column: Column<Row>, rows: readonly Row[], now: number): number {
  let width = textWidth(column.title);
  for (const row of rows) width = Math.max(width, textWidth(cellText(column.cell(row, now))));
  return width;
}

/** Takes what is too much from the flexible columns, the widest first. */
function shrunk<Row>(
  columns: readonly LaidOut<Row>[],
  room: number,
  least: (entry: LaidOut<Row>) => number,
): LaidOut<Row>[] {
  const result = columns.map((entry) => ({ ...entry }));
  let excess = total(result.map(({ width }) => width)) - room;
  while (excess > 0) {
    const flexible = result.filter((entry, at) => entry.width > least(columns[at] as LaidOut<Row>));
    const [widest, second] = flexible.sort((a, b) => perShare(b) - perShare(a));
    if (widest === undefined) break;
    // Down to the next widest, so that no column starves before another.
    const next =
      second === undefined ? 0 : Math.floor(perShare(second) * (widest.column.share ?? 1));
    const index = result.indexOf(widest);
    const floor = Math.max(least(columns[index] as LaidOut<Row>), Math.min(next, widest.width - 1));
    const cut = Math.min(excess, widest.width - floor);
    widest.width -= Math.max(1, cut);
    excess = total(result.map(({ width }) => width)) - room;
  }
  return result;
}

function perShare<Row>({ column, width }: LaidOut<Row>): number {
  return width / (column.share ?? 1);
}

function headingLine<Row>(
  columns: readonly LaidOut<Row>[],
  { sort, left }: ListState,
  width: number,
): Line {
  const spans: Span[] = [span(" ".repeat(gutter), "dim")];
  for (const { column, width: room } of columns) {
    const arrow = sort?.column === column.title ? (sort.reverse ? "↓" : "↑") : "";
    spans.push(span(fitted(`${column.title}${arrow}`, room, column.align), "dim"));
    spans.push({ text: " ".repeat(gap) });
  }
  return windowLine({ spans }, width, left);
}

function rowLine<Row>(
  row: Row,
  columns: readonly LaidOut<Row>[],
  model: ListModel<Row>,
  list: ListState,
  world: World,
  at: number,
): Line {
  const selected = at === list.cursor;
  const marked = list.marked.has(model.id(row));
  const whole = model.whole?.(row);
  const spans: Span[] = whole === undefined ? [] : [...whole];
  for (const { column, width } of whole === undefined ? columns : []) {
    spans.push(...cellSpans(column, column.cell(row, world.now), width));
    spans.push({ text: " ".repeat(gap) });
  }
  const body = windowLine({ spans }, world.body.columns - gutter, list.left);
  const sign = span(` ${selected ? "▸" : " "}${marked ? "*" : " "}`, selected ? "accent" : "dim");
  return { spans: [sign, ...body.spans], selected };
}

function cellSpans<Row>(
  column: Column<Row>,
  cell: string | readonly Span[],
  width: number,
): Span[] {
  if (typeof cell === "string") {
    const text = column.path === true ? truncateMiddle(cell, width) : cell;
    return [{ text: fitted(text, width, column.align) }];
  }
  const own = cell.reduce((sum, { text }) => sum + textWidth(text), 0);
  if (own > width) return cutSpans(cell, width, column.path === true);
  const blank = { text: " ".repeat(width - own) };
  return column.align === "right" ? [blank, ...cell] : [...cell, blank];
}

/** Pieces cut to a width: their end, or the middle of the longest where that is a path. */
function cutSpans(cell: readonly Span[], width: number, path: boolean): Span[] {
  const widths = cell.map(({ text }) => textWidth(text));
  const longest = widths.indexOf(Math.max(...widths));
  const others = widths.reduce((sum, each, at) => (at === longest ? sum : sum + each), 0);
  if (path && width - others >= leastPath) {
    return cell.map((it, at) =>
      at === longest ? { ...it, text: truncateMiddle(it.text, width - others) } : it,
    );
  }
  const kept = windowLine({ spans: cell }, width - 1).spans;
  return [
    ...kept,
    {
      text: fitted(
        "…",
        width -
          total(
            kept.map(({ text }) => textWidth(text)),
            0,
          ),
      ),
    },
  ];
}

/** `12 of 400`, with the filter where there is one. */
export function listStatus<Row>(
  rows: readonly Row[],
  model: ListModel<Row>,
  list: ListState,
): string {
  const count = arrange(rows, model, list).length;
  const place = count === 0 ? "0" : `${list.cursor + 1}`;
  const marks = list.marked.size === 0 ? "" : `${list.marked.size} marked  `;
  const filter = list.filter === "" ? "" : `  /${list.filter}`;
  const all = count === rows.length ? "" : ` (${rows.length} in all)`;
  return `${marks}${place} of ${count}${all}${filter}`;
}

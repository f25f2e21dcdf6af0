import type { Span } from "../view/line.ts";
import { readFilter } from "./filter.ts";
import type { ListModel, ListState } from "./list.ts";

interface Arrangement {
  filter: string;
  sort: ListState["sort"];
  order: Uint32Array;
}

// The arrangement of the rows last asked for: a hundred thousand rows are arranged once for a
// filter, not once for a frame. Keyed by the rows, so it goes when they go.
const arranged = new WeakMap<object, Arrangement>();
const texts = new WeakMap<object, string[]>();

/** Indices of the rows that pass the filter, in the order that is shown. */
export function arrange<Row>(
  rows: readonly Row[],
  model: ListModel<Row>,
  { filter, sort }: Pick<ListState, "filter" | "sort">,
): Uint32Array {
  const known = arranged.get(rows);
  if (known !== undefined && known.filter === filter && known.sort === sort) return known.order;
  const order = sorted(rows, model, passing(rows, model, filter), sort);
  arranged.set(rows, { filter, sort, order });
  return order;
}

function passing<Row>(rows: readonly Row[], model: ListModel<Row>, text: string): Uint32Array {
  const filter = readFilter(text);
  const kept = new Uint32Array(rows.length);
  if (filter === undefined) return kept.map((_, at) => at);
  const lines = rowTexts(rows, model);
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    if (filter.matches(lines[at] as string)) kept[count++] = at;
  }
  return kept.slice(0, count);
}

function rowTexts<Row>(rows: readonly Row[], model: ListModel<Row>): string[] {
  const known = texts.get(rows);
  if (known !== undefined) return known;
  const made = rows.map((row) => rowText(row, model));
  texts.set(rows, made);
  return made;
}

/** A row as one text: what the filter sees, and what is copied. */
function rowText<Row>(row: Row, model: ListModel<Row>): string {
  if (model.text !== undefined) return model.text(row);
  return model.columns.map((column) => cellText(column.cell(row, 0))).join(" ");
}

export function cellText(cell: string | readonly Span[]): string {
  return typeof cell === "string" ? cell : cell.map(({ text }) => text).join("");
}

function sorted<Row>(
  rows: readonly Row[],
  model: ListModel<Row>,
  order: Uint32Array,
  sort: ListState["sort"],
): Uint32Array {
  const by = model.columns.find(({ title }) => title === sort?.column)?.sort?.by;
  if (sort === undefined || by === undefined) return order;
  const keys = rows.map(by);
  const sign = sort.reverse ? -1 : 1;
  return order.sort((left, right) => {
    const a = keys[left] as string | number | bigint;
    const b = keys[right] as string | number | bigint;
    // Equal rows keep the order they came in, also in reverse.
    return a < b ? -sign : a > b ? sign : left - right;
  });
}

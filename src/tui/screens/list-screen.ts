import type { Scope } from "../keys/binding.ts";
import { listKeys, openKey } from "../keys/table.ts";
import {
  type ListModel,
  type ListState,
  newList,
  refiltered,
  rerowed,
  rowAt,
  scrolled,
  sortScope,
  updateList,
} from "../state/list.ts";
import { arrange, cellText } from "../state/list-order.ts";
import type { Act, ScreenEvent, World } from "../state/screen.ts";

/** Rows and where one is in them: what every screen that lists something holds. */
export interface Listed<Row> {
  rows: readonly Row[];
  list: ListState;
}

export function newListed<Row>(rows: readonly Row[] = []): Listed<Row> {
  return { rows, list: newList };
}

/** Rows of the body that are not rows of the list: its heading, and what a screen adds. */
function listHeight({ body }: World, besides = 0): number {
  return Math.max(1, body.rows - 1 - besides);
}

/** A list that dealt with an event, and what it wants done; undefined where it was not meant. */
interface ListStep<Row> {
  listed: Listed<Row>;
  acts: readonly Act[];
}

/**
 * Deals with moving, marking, sorting, filtering, copying and resizing, which all lists do alike.
 * @param besides rows of the body that are not the list's.
 */
export function updateListed<Row>(
  listed: Listed<Row>,
  model: ListModel<Row>,
  event: ScreenEvent,
  world: World,
  besides = 0,
): ListStep<Row> | undefined {
  const height = listHeight(world, besides);
  const { rows, list } = listed;
  const done = (next: ListState, acts: readonly Act[] = []): ListStep<Row> => ({
    listed: next === list ? listed : { rows, list: next },
    acts,
  });
  switch (event.type) {
    case "world":
      return done(scrolled(list, arrange(rows, model, list).length, height));
    case "pointed":
      // The heading is no row.
      return event.row < 1
        ? undefined
        : done(
            scrolled(
              { ...list, cursor: list.top + event.row - 1 },
              arrange(rows, model, list).length,
              height,
            ),
          );
    case "prompted":
      if (event.prompt !== "filter") return undefined;
      return done(refiltered(list, event.text ?? "", rows, model, height));
    case "command":
      return commanded(listed, model, event.command, height, done);
    default:
      return undefined;
  }
}

function commanded<Row>(
  { rows, list }: Listed<Row>,
  model: ListModel<Row>,
  command: string,
  height: number,
  done: (next: ListState, acts?: readonly Act[]) => ListStep<Row>,
): ListStep<Row> | undefined {
  if (command === "filter") {
    return done(list, [{ act: "prompt", prompt: "filter", label: "/", text: list.filter }]);
  }
  if (command === "clear") {
    if (list.filter === "" && list.left === 0 && list.marked.size === 0) return done(list);
    return done({ ...refiltered(list, "", rows, model, height), left: 0, marked: new Set() });
  }
  if (command === "copy") {
    const row = rowAt(rows, model, list);
    const text = row === undefined ? "" : copied(row, model);
    return done(list, row === undefined ? [] : [{ act: "copy", text, what: "the row" }]);
  }
  if (command.startsWith("sort-")) {
    const title = model.columns.find(
      ({ title: name, sort }) => sort !== undefined && name === command.slice(5),
    );
    if (title === undefined) {
      const known = model.columns.flatMap(({ title: name, sort }) => (sort ? [name] : []));
      return done(list, [
        { act: "flash", level: "error", text: `columns that sort: ${known.join(", ")}` },
      ]);
    }
  }
  const next = updateList(list, command, rows, model, height);
  return next === undefined ? undefined : done(next);
}

function copied<Row>(row: Row, model: ListModel<Row>): string {
  return model.columns.map(({ cell }) => cellText(cell(row, 0)).trim()).join("\t");
}

/** The list with rows that were read again. */
export function withRows<Row>(
  { rows: before, list }: Listed<Row>,
  rows: readonly Row[],
  model: ListModel<Row>,
  world: World,
  besides = 0,
): Listed<Row> {
  return { rows, list: rerowed(list, before, rows, model, listHeight(world, besides)) };
}

/** The list with its cursor at a place of the order that is shown. */
export function scrolledTo<Row>(
  { rows, list }: Listed<Row>,
  model: ListModel<Row>,
  cursor: number,
  world: World,
  besides = 0,
): Listed<Row> {
  const count = arrange(rows, model, list).length;
  return { rows, list: scrolled({ ...list, cursor }, count, listHeight(world, besides)) };
}

/** The keys of a list; `opens` where Enter looks into a row. */
export function listScopes<Row>(model: ListModel<Row>, opens: boolean): Scope[] {
  return [...(opens ? [openKey] : []), listKeys, sortScope(model)];
}

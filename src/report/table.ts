import { clip, clipMiddle, displayWidth, sanitize } from "../base/text.ts";
import { plainStyle, type Style } from "./style.ts";

/** A column of a table of `Row`s. Cells are foreign text: the table sanitises them. */
export interface Column<Row> {
  title: string;
  cell: (row: Row) => string;
  align?: "left" | "right";
  /** Only with `-o wide`. */
  wide?: boolean;
  /**
   * May be cut when the terminal is narrow; the widest such column is cut first. What tells by both
   * of its ends, as a path does, is cut in the `middle`.
   */
  flexible?: true | "middle";
  /** Applied after cutting and padding. */
  paint?: (text: string, row: Row, style: Style) => string;
}

export interface TableOptions {
  headers: boolean;
  wide: boolean;
  /** Columns of the terminal; undefined where nothing is cut. */
  width?: number | undefined;
  style?: Style;
}

const gap = 3;
const leastColumn = 8;

/** Renders rows as aligned columns, one line each, ending with a line break. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: TableOptions,
): string {
  const style = options.style ?? plainStyle;
  const shown = columns.filter(({ wide }) => options.wide || wide !== true);
  const cells = rows.map((row) => shown.map((column) => sanitize(column.cell(row))));
  const widths = shown.map(({ title }, at) => {
    let width = options.headers ? title.length : 0;
    for (const line of cells) width = Math.max(width, displayWidth(line[at] as string));
    return width;
  });
  if (options.width !== undefined) shrink(shown, widths, options.width);

  const lines: string[] = [];
  if (options.headers) {
    const titles = shown.map(({ title, align }, at) =>
      padCell(title, widths[at] as number, { align }),
    );
    lines.push(style.dim(titles.join(" ".repeat(gap)).trimEnd()));
  }
  for (const [index, row] of rows.entries()) {
    const parts = shown.map((column, at) => {
      const text = padCell(cells[index]?.[at] as string, widths[at] as number, column);
      const last = at === shown.length - 1 ? text.trimEnd() : text;
      return column.paint === undefined ? last : column.paint(last, row, style);
    });
    lines.push(parts.join(" ".repeat(gap)).trimEnd());
  }
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * Narrows flexible columns until the table fits or nothing is left to give: the widest first, down
 * to the next widest, and from there on both alike.
 */
function shrink<Row>(columns: readonly Column<Row>[], widths: number[], available: number): void {
  let over = widths.reduce((sum, width) => sum + width, gap * (widths.length - 1)) - available;
  const flexible = [...widths.keys()].filter((at) => columns[at]?.flexible !== undefined);
  const widthOf = (at: number): number => widths[at] as number;
  while (over > 0) {
    const widest = Math.max(leastColumn, ...flexible.map(widthOf));
    if (widest === leastColumn) return;
    const giving = flexible.filter((at) => widthOf(at) === widest);
    const others = flexible.map(widthOf).filter((width) => width < widest);
    const room = widest - Math.max(leastColumn, ...others);
    const each = Math.min(room, Math.ceil(over / giving.length));
    for (const at of giving) {
      const give = Math.min(each, over);
      widths[at] = widest - give;
      over -= give;
    }
  }
}

function padCell(
  text: string,
  width: number,
  { align, flexible }: { align?: "left" | "right" | undefined; flexible?: true | "middle" } = {},
): string {
  const shorten = flexible === "middle" ? clipMiddle : clip;
  const cut = displayWidth(text) > width ? shorten(text, width) : text;
  const space = " ".repeat(Math.max(0, width - displayWidth(cut)));
  return align === "right" ? `${space}${cut}` : `${cut}${space}`;
}

const fieldIndent = "  ";
/** A value longer than this many lines of a terminal is cut; `-o wide` and JSON show it whole. */
const fieldLines = 3;

/**
 * Renders `label  value` lines with the labels aligned. Values are sanitised; on a terminal they
 * are wrapped below themselves.
 */
export function renderFields(
  fields: readonly (readonly [label: string, value: string])[],
  options: Pick<TableOptions, "width" | "style"> = {},
): string {
  const style = options.style ?? plainStyle;
  const labelWidth = Math.max(0, ...fields.map(([label]) => displayWidth(sanitize(label))));
  const before = fieldIndent.length + labelWidth + 2;
  let text = "";
  for (const [label, value] of fields) {
    const padded = padCell(sanitize(label), labelWidth);
    const room = options.width === undefined ? undefined : Math.max(20, options.width - before);
    const lines = room === undefined ? [sanitize(value)] : wrap(sanitize(value), room);
    const hanging = `\n${" ".repeat(before)}`;
    text += `${fieldIndent}${style.dim(padded)}  ${lines.join(hanging)}\n`;
  }
  return text;
}

/** Breaks sanitised text at spaces into lines of at most `columns`; the last may end with `…`. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= columns || line === "") line = longer;
    else {
      lines.push(line);
      line = word;
    }
    if (lines.length === fieldLines) break;
  }
  if (lines.length < fieldLines) lines.push(line);
  else lines[fieldLines - 1] = `${lines[fieldLines - 1]} …`;
  return lines.map((entry) => clip(entry, columns));
}

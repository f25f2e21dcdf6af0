import { formatBytes, formatCount } from "../../../base/units.ts";
import type { Origin } from "../../../criu/memory/process-memory.ts";
import type { World } from "../../state/screen.ts";
import {
  type Line,
  line,
  padLine,
  type Role,
  type Span,
  span,
  windowLine,
} from "../../view/line.ts";
import { type Item, regionAt } from "./items.ts";
import { panelFields, panelLines } from "./panel.ts";
import { linesFrom, type PlacedLine } from "./places.ts";
import { isMatch, matchBefore } from "./search.ts";
import { markedRange, type OpenHex, type Range, shownOf } from "./state.ts";

/** Columns from which on what the bytes mean is shown beside them. */
const panelFrom = 100;

/** The lines of the view: rows, folds, gaps and headings, and the panel beside them. */
export function hexLines(state: OpenHex, world: World): Line[] {
  const { columns, rows } = world.body;
  const placed = linesFrom(shownOf(state), state.top, rows);
  const layout = layoutOf(state, placed, columns);
  const context: Context = { state, layout, range: markedRange(state) };
  const lines = placed.map((it) => drawn(it, context));
  const room = columns - layout.columns - 1;
  if (columns < panelFrom || room < 16) return lines.map((it) => windowLine(it, columns));
  const panel = panelLines(panelFields(state, world.reveal), room, rows);
  return Array.from({ length: rows }, (_, at) => {
    const left = padLine(windowLine(lines[at] ?? line(), layout.columns), layout.columns);
    const right = panel[at] ?? line(span("│", "dim"));
    return { spans: [...left.spans, { text: " " }, ...right.spans] };
  });
}

/** Where the columns of a row are. */
interface Layout {
  digits: number;
  /** First column of the bytes and of the text. */
  bytes: number;
  text: number;
  columns: number;
}

function layoutOf(
  { layout, width }: OpenHex,
  lines: readonly PlacedLine[],
  columns: number,
): Layout {
  const last = lines.findLast(({ item }) => item.kind !== "gap" && item.kind !== "absent");
  const digits = layout.end <= 1n << 32n ? 8 : (last?.item.end ?? 0n) > 1n << 48n ? 16 : 12;
  const bytes = 1 + digits + 2;
  const pairs = byteColumn(width - 1) + 2;
  const gap = columns < 84 ? 1 : 2;
  const text = bytes + pairs + gap;
  return { digits, bytes, text, columns: text + width };
}

/** Column of a byte's digits among the bytes: groups of eight stand apart. */
function byteColumn(at: number): number {
  return at * 3 + Math.floor(at / 8);
}

interface Context {
  state: OpenHex;
  layout: Layout;
  range: Range | undefined;
}

function drawn({ place, item }: PlacedLine, context: Context): Line {
  if (place.heading) return heading(item, context);
  if (item.kind === "row" || item.kind === "unread") return rowLine(item, context);
  const { cursor } = context.state;
  const here = cursor >= item.start && cursor < item.end;
  const sign = here ? span("▸", "accent") : { text: " " };
  const at = here && cursor !== item.start ? span(`  at ${cursor.toString(16)}`, "accent") : "";
  return line(sign, ...noteSpans(item, context), at);
}

/** `1,040,384 bytes`, and what that is in larger units. */
function amount(bytes: bigint): string {
  const count = `${formatCount(bytes)} ${bytes === 1n ? "byte" : "bytes"}`;
  return bytes < 1n << 20n ? count : `${count} (${formatBytes(Number(bytes))})`;
}

const reasons: Readonly<Record<Exclude<Origin, "dumped">, string>> = {
  zero: "of zero, never written",
  file: "in a file of the container, unchanged: not in the dump",
  parent: "in the parent dump",
  lazy: "left behind for lazy restore: not in the dump",
  kernel: "made by the kernel: never dumped",
  missing: "missing: the page image is not there or too short",
  unmapped: "not mapped",
};

function noteSpans(item: Item, { state, layout }: Context): Span[] {
  const bytes = amount(item.end - item.start);
  const indent = " ".repeat(layout.digits - 1);
  switch (item.kind) {
    case "same": {
      const what = item.row.every((byte) => byte === 0) ? "of zero" : "more of the same";
      return [span(`${indent}*  ${bytes} ${what}`, "dim"), ...matchesIn(state, item)];
    }
    case "absent":
      if (item.origin === "zero") return [span(`${indent}*  ${bytes} ${reasons.zero}`, "dim")];
      return item.origin === "missing"
        ? [span(`${indent}✗  ${bytes} ${reasons.missing}`, "danger")]
        : [span(`${indent}?  ${bytes} ${reasons[item.origin]}`, "dim")];
    case "failed":
      return [span(`${indent}✗  ${bytes} cannot be read: ${item.message}`, "danger")];
    default:
      return ruled(`── ${bytes} not mapped `, layout);
  }
}

/** Matches that a fold hides. */
function matchesIn({ search }: OpenHex, { start, end }: Item): Span[] {
  if (search === undefined) return [];
  const count = matchBefore(search, end - 1n) - matchBefore(search, start - 1n);
  return count === 0 ? [] : [{ text: "  " }, span(`${count} matches`, "match")];
}

function ruled(text: string, { columns }: Layout): Span[] {
  return [span(text + "─".repeat(Math.max(0, columns - text.length - 1)), "dim")];
}

function heading({ start }: Item, { state, layout }: Context): Line {
  const { starts, ends, names, permissions } = state.layout;
  const region = regionAt(state.layout, start);
  const size = formatBytes(Number((ends[region] ?? 0n) - (starts[region] ?? 0n)));
  const address = start.toString(16).padStart(layout.digits, "0");
  const name = names[region] ?? "";
  const rest = `  ${permissions[region]}  ${size} `;
  const used = 1 + address.length + 4 + name.length + rest.length;
  return line(
    span(` ${address} ── `, "dim"),
    span(name, "strong"),
    span(rest, "dim"),
    span("─".repeat(Math.max(0, layout.columns - used)), "dim"),
  );
}

/** A line of characters, each with its role. */
class Cells {
  readonly #text: string[];
  readonly #roles: Role[];

  constructor(columns: number) {
    this.#text = Array(columns).fill(" ");
    this.#roles = Array(columns).fill("plain");
  }

  put(at: number, text: string, role: Role): void {
    for (const character of text) {
      this.#text[at] = character;
      this.#roles[at] = role;
      at += 1;
    }
  }

  get line(): Line {
    const spans: { text: string; role: Role }[] = [];
    this.#text.forEach((text, at) => {
      const role = this.#roles[at] as Role;
      const last = spans.at(-1);
      if (last?.role === role) last.text += text;
      else spans.push({ text, role });
    });
    return { spans };
  }
}

function rowLine(item: Item & { kind: "row" | "unread" }, context: Context): Line {
  const { state, layout, range } = context;
  const { cursor, width } = state;
  const cells = new Cells(layout.columns + 1);
  const here = cursor >= item.start && cursor < item.end;
  const marked = range !== undefined && range.from < item.end && range.to > item.start;
  cells.put(0, here ? "▸" : marked ? "*" : " ", "accent");
  cells.put(1, item.start.toString(16).padStart(layout.digits, "0"), here ? "accent" : "dim");
  const first = Number(item.start % BigInt(width));
  const count = Number(item.end - item.start);
  for (let at = 0; at < count; at++) {
    const byte = item.kind === "row" ? item.bytes[at] : undefined;
    putByte(cells, byte, item.start + BigInt(at), first + at, context);
  }
  return cells.line;
}

/** A byte among the bytes and in the text; `at` counts from the row's first place. */
function putByte(
  cells: Cells,
  byte: number | undefined,
  address: bigint,
  at: number,
  context: Context,
): void {
  const { bytes, text } = context.layout;
  const role = byteRole(byte, address, context);
  const column = bytes + byteColumn(at);
  cells.put(column, byte === undefined ? "··" : byte.toString(16).padStart(2, "0"), role);
  const isText = byte !== undefined && byte >= 0x20 && byte < 0x7f;
  const shown = byte === undefined ? "·" : isText ? String.fromCharCode(byte) : ".";
  cells.put(text + at, shown, isText || role !== "plain" ? role : "dim");
  if (address !== context.state.cursor) return;
  // A sign beside the colour: within a match the cursor would have none of its own.
  cells.put(column - 1, "[", "accent");
  cells.put(column + 2, "]", "accent");
}

function byteRole(byte: number | undefined, address: bigint, { state, range }: Context): Role {
  const { cursor, search } = state;
  const match = search !== undefined && isMatch(search, address);
  if (address === cursor) return match ? "strong" : "cursor";
  if (match) return "match";
  if (range !== undefined && address >= range.from && address < range.to) return "accent";
  return byte === undefined || byte === 0 ? "dim" : "plain";
}

import { formatBytes, formatCount } from "../../../base/units.ts";
import type { TreeNode } from "../../state/document-tree.ts";
import { type Filter, readFilter } from "../../state/filter.ts";
import type { World } from "../../state/screen.ts";
import {
  emptyLine,
  type Line,
  line,
  type Span,
  span,
  textWidth,
  truncate,
  windowLine,
} from "../../view/line.ts";
import { branchAt, rowOf } from "./branches.ts";
import { type ImageState, nodeAt, shownPaths, treeRows } from "./state.ts";

/** The rows that are shown, and below them what is wrong with the image. */
export function treeLines(state: ImageState, world: World): Line[] {
  const { shape, find } = state;
  const filter = find === undefined ? undefined : readFilter(find.text);
  const lines = shownPaths(state, world).map((path) => rowLine(state, path, filter, world));
  if (shape?.problem == null) return lines;
  while (lines.length < treeRows(state, world)) lines.push(emptyLine);
  return [...lines, windowLine(line(span(` ✗ ${shape.problem}`, "danger")), world.body.columns)];
}

function rowLine(
  state: ImageState,
  path: readonly number[],
  filter: Filter | undefined,
  { body }: World,
): Line {
  const selected = rowOf(state.root, path) === state.cursor;
  const node = nodeAt(state, path);
  const isOpen = branchAt(state.root, path) !== undefined;
  const indent = "  ".repeat(Math.min(path.length - 1, 24));
  const spans: Span[] = [span(selected ? " ▸ " : "   ", "accent"), { text: indent }];
  if (node === undefined) spans.push(span(`  [${path.at(-1)}] …`, "dim"));
  else spans.push(...nodeSpans(node, isOpen, filter));
  return { ...cutLine(spans, body.columns), selected };
}

/** A line whose last piece gives way, and shows that it did. */
function cutLine(spans: readonly Span[], columns: number): Line {
  const last = spans.at(-1);
  const before = spans.slice(0, -1);
  const used = before.reduce((sum, { text }) => sum + textWidth(text), 0);
  if (last === undefined || used >= columns) return windowLine({ spans }, columns);
  return { spans: [...before, { ...last, text: truncate(last.text, columns - used) }] };
}

function nodeSpans(node: TreeNode, isOpen: boolean, filter: Filter | undefined): Span[] {
  const { key, kind, text, count } = node;
  const found = filter?.matches(kind === "branch" ? key : `${key}: ${text}`) === true;
  const named: Span[] = key === "" ? [] : [span(key, found ? "match" : "dim"), span(": ", "dim")];
  switch (kind) {
    case "branch": {
      const sign = count === 0 ? "  " : isOpen ? "▾ " : "▸ ";
      const inside = isOpen ? span(`${formatCount(count)} below`, "dim") : { text };
      return [span(sign, "accent"), ...named, inside];
    }
    case "payload":
      return [{ text: "  " }, ...named, span(`${text}  ⏎ bytes`, "accent")];
    case "broken":
      return [span("✗ ", "danger"), ...named, span(text, "danger")];
    case "value":
      return [{ text: "  " }, ...named, found ? span(text, "match") : { text }];
  }
}

/** `PAGEMAP  head and 16 entries  288 B`. */
export function shapeText({ shape }: ImageState): string {
  if (shape === undefined) return "";
  const { type, count, heads, sizeBytes } = shape;
  const entries = count - heads;
  const counted = `${formatCount(entries)} ${entries === 1 ? "entry" : "entries"}`;
  const all = type === "" ? [] : [type, heads === 0 ? counted : `head and ${counted}`];
  return [...all, formatBytes(sizeBytes)].map((text) => `   ${text}`).join("");
}

import type { CritValue } from "../../../criu/crit/json-text.ts";
import type { TreeNode } from "../../state/document-tree.ts";

/** Raw bytes behind an entry. Offset in the member. */
export class Payload {
  readonly offset: number;
  readonly length: number;

  constructor(offset: number, length: number) {
    this.offset = offset;
    this.length = length;
  }
}

/** What cannot be decoded, and why. */
export class Broken {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** What a tree is made of. */
export type TreeValue =
  | CritValue
  | null
  | Payload
  | Broken
  | readonly TreeValue[]
  | { readonly [key: string]: TreeValue };

export interface TreeChild {
  key: string;
  value: TreeValue;
}

type Container = readonly TreeValue[] | { readonly [key: string]: TreeValue };

/** Characters of a value that a line may show, and of the beginning of a branch. */
const longestText = 1000;
const longestPreview = 240;

export function isBranch(value: TreeValue): value is Container {
  return (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof Payload) &&
    !(value instanceof Broken)
  );
}

// Children are found by their place, so the names of a large object are listed once.
const names = new WeakMap<object, string[]>();

function keysOf(value: object): string[] {
  const known = names.get(value);
  if (known !== undefined) return known;
  const keys = Object.keys(value);
  // To remember a million small ones costs more than to list them again.
  if (keys.length > 32) names.set(value, keys);
  return keys;
}

export function childCount(value: TreeValue): number {
  if (!isBranch(value)) return 0;
  return Array.isArray(value) ? value.length : keysOf(value).length;
}

/** A child by its place; undefined where there is none. */
export function childAt(value: TreeValue, at: number): TreeChild | undefined {
  if (!isBranch(value) || at < 0 || at >= childCount(value)) return undefined;
  if (Array.isArray(value)) return { key: `[${at}]`, value: value[at] as TreeValue };
  const key = keysOf(value)[at] as string;
  return { key, value: (value as Record<string, TreeValue>)[key] as TreeValue };
}

/** All children in their order. */
export function childrenOf(value: TreeValue): TreeChild[] {
  if (!isBranch(value)) return [];
  if (Array.isArray(value)) return value.map((entry, at) => ({ key: `[${at}]`, value: entry }));
  return Object.entries(value).map(([key, entry]) => ({ key, value: entry as TreeValue }));
}

/** The node at a way below a value; undefined where there is none. */
export function descend(value: TreeValue, path: readonly number[]): TreeValue | undefined {
  let current: TreeValue | undefined = value;
  for (const at of path) current = current === undefined ? current : childAt(current, at)?.value;
  return current;
}

export function describeNode({ key, value }: TreeChild): TreeNode {
  const count = childCount(value);
  if (value instanceof Payload) {
    const text = `${value.length} bytes at offset ${value.offset}`;
    return { key, kind: "payload", text, cut: false, count, offset: value.offset };
  }
  if (value instanceof Broken) {
    return { key, kind: "broken", text: value.message, cut: false, count, offset: null };
  }
  if (isBranch(value)) {
    return { key, kind: "branch", text: preview(value), cut: count > 0, count, offset: null };
  }
  const cut = typeof value === "string" && value.length > longestText;
  return { key, kind: "value", text: scalarText(value, longestText), cut, count, offset: null };
}

/** A value without children as JSON writes it, cut to some characters of a text. */
export function scalarText(value: TreeValue, longest: number): string {
  if (value instanceof Payload) return `${value.length} bytes`;
  if (value instanceof Broken) return value.message;
  if (typeof value !== "string") return String(value);
  if (value.length <= longest) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, longest))} … ${value.length} characters`;
}

/** How a branch begins: as much of it as a line can show, however large it is. */
export function preview(value: TreeValue, room = longestPreview): string {
  if (!isBranch(value)) return scalarText(value, Math.max(16, room));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const count = childCount(value);
  if (count === 0) return open + close;
  let text = "";
  for (let at = 0; at < count; at++) {
    if (text.length >= room) return `${open} ${text === "" ? "" : `${text}, `}… ${close}`;
    const child = childAt(value, at) as TreeChild;
    const shown = preview(child.value, room - text.length - child.key.length);
    const named = Array.isArray(value) ? shown : `${child.key.slice(0, room)}: ${shown}`;
    text += at === 0 ? named : `, ${named}`;
  }
  return `${open} ${text} ${close}`;
}

/** A value as JSON, indented as crit does it; payloads and what is broken by their places. */
export function treeJson(value: TreeValue, depth = 0): string {
  if (value instanceof Payload || value instanceof Broken) {
    return JSON.stringify(describeNode({ key: "", value }).text);
  }
  if (!isBranch(value)) return typeof value === "string" ? JSON.stringify(value) : String(value);
  const count = childCount(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (count === 0) return open + close;
  const indent = "    ".repeat(depth + 1);
  const parts = childrenOf(value).map((child) => {
    const name = Array.isArray(value) ? "" : `${JSON.stringify(child.key)}: `;
    return `${indent}${name}${treeJson(child.value, depth + 1)}`;
  });
  return `${open}\n${parts.join(",\n")}\n${"    ".repeat(depth)}${close}`;
}

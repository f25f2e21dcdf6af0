import { hex } from "../../base/u64.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import type { Field } from "../view/fields.ts";

/** Items of a list that are shown. */
const most = 100;

/**
 * Facts of any shape as fields: `remainingSeconds` is `remaining seconds`, what is inside another
 * stands behind its name. What is null is left out.
 */
export function factFields(value: unknown, name = ""): Field[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return listFields(value, name);
  if (typeof value !== "object") return [[words(name), factText(value, name)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    factFields(inner, name === "" ? key : `${name} ${key}`),
  );
}

function listFields(values: readonly unknown[], name: string): Field[] {
  if (values.length === 0) return [];
  const shown = values.slice(0, most);
  const more: Field[] =
    values.length > most ? [["and", `${formatCount(values.length - most)} more`]] : [];
  if (shown.every((it) => typeof it !== "object")) {
    return [[words(name), shown.map((it) => factText(it, "")).join(", ")], ...more];
  }
  const lines = shown.map((it, at): Field => {
    const parts = factFields(it).map(([label, text]) => `${label} ${text ?? ""}`);
    return [at === 0 ? words(name) : "", parts.join(", ")];
  });
  return [...lines, ...more];
}

function words(name: string): string {
  return name
    .replace(/Bytes$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function factText(value: unknown, name: string): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "bigint") return value > 0xffff_ffffn ? hex(value) : formatCount(value);
  if (typeof value !== "number") return String(value);
  if (name.endsWith("Bytes")) return formatBytes(value);
  return Number.isInteger(value) ? `${value}` : value.toFixed(3);
}

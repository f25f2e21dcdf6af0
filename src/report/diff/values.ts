import type { Arrow } from "./entries.ts";

// How facts that differ are worded. Foreign text: not sanitised.

/** `label before → after`; of what is masked on both sides only that it changed. */
export function arrow(label: string, before: unknown, after: unknown): string | Arrow {
  const [old, now] = [word(before), word(after)];
  return old === now ? `${label} changed, hidden`.trimStart() : { label, before: old, after: now };
}

function word(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(" ");
  if (value === true) return "yes";
  return value === false ? "no" : `${value}`;
}

/** Entries of a set that are told one by one. */
const mostNamed = 12;

/** `label +NEW -OLD`, of sets. */
export function setChange(
  label: string,
  before: readonly (string | number)[] | null,
  after: readonly (string | number)[] | null,
): string {
  const [old, now] = [new Set(before ?? []), new Set(after ?? [])];
  const words = [
    ...[...now].filter((entry) => !old.has(entry)).map((entry) => `+${entry}`),
    ...[...old].filter((entry) => !now.has(entry)).map((entry) => `-${entry}`),
  ];
  const shown = words.slice(0, mostNamed).join(" ");
  const more = words.length > mostNamed ? ` and ${words.length - mostNamed} more` : "";
  return words.length === 0 ? `${label} in another order` : `${label} ${shown}${more}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",")} ${count === 1 ? one : many}`;
}

/** What became of one thing between two checkpoints. */
export type Became = "came" | "went" | "changed";

/** One difference. `Id` says of what: a pid, a path. */
export type Change<Id extends object, Facts extends object> = Id & {
  change: Became;
  /** What the first checkpoint says of it; null for what came. */
  before: Facts | null;
  /** What the second says; null for what went. */
  after: Facts | null;
  /** Names of the facts that differ; empty for what came or went. */
  fields: string[];
};

/** One thing of one checkpoint, as it is compared. */
export interface Item<Id extends object, Facts extends object> {
  /** By which it is found in the other checkpoint. Things of one key are paired in their order. */
  key: string;
  id: Id;
  facts: Facts;
}

interface Comparison<Id extends object, Facts extends object> {
  /** Order of the changes; those of one place stay as they came. */
  order: (a: Id, b: Id) => number;
  /** Facts of which null says that nobody knows, which is no difference to anything. */
  unknown?: readonly (keyof Facts & string)[];
  /** Where two values that are written differently mean the same. */
  alike?: (field: keyof Facts & string, before: Facts, after: Facts) => boolean;
}

/** Pairs two lists by key and says what differs. Linear, but for the sorting of what differs. */
export function compareLists<Id extends object, Facts extends object>(
  before: readonly Item<Id, Facts>[],
  after: readonly Item<Id, Facts>[],
  comparison: Comparison<Id, Facts>,
): Change<Id, Facts>[] {
  const rest = byKey(before);
  const changes: Change<Id, Facts>[] = [];
  for (const [key, item] of byKey(after)) {
    const old = rest.get(key);
    rest.delete(key);
    const { facts } = item;
    if (old === undefined) {
      changes.push({ ...item.id, change: "came", before: null, after: facts, fields: [] });
      continue;
    }
    const fields = differing(old.facts, facts, comparison);
    if (fields.length === 0) continue;
    changes.push({ ...item.id, change: "changed", before: old.facts, after: facts, fields });
  }
  for (const { id, facts } of rest.values()) {
    changes.push({ ...id, change: "went", before: facts, after: null, fields: [] });
  }
  return changes.sort(comparison.order);
}

/** Of each key the first, the second, … : a map keeps the order in which they come. */
function byKey<Id extends object, Facts extends object>(
  items: readonly Item<Id, Facts>[],
): Map<string, Item<Id, Facts>> {
  const result = new Map<string, Item<Id, Facts>>();
  const counts = new Map<string, number>();
  for (const item of items) {
    const count = counts.get(item.key) ?? 0;
    counts.set(item.key, count + 1);
    result.set(`${count} ${item.key}`, item);
  }
  return result;
}

export function differing<Facts extends object>(
  before: Facts,
  after: Facts,
  { unknown = [], alike }: Pick<Comparison<object, Facts>, "unknown" | "alike">,
): (keyof Facts & string)[] {
  const fields = Object.keys(after) as (keyof Facts & string)[];
  return fields.filter((field) => {
    const [old, now] = [before[field], after[field]];
    if (sameValue(old, now)) return false;
    if ((old === null || now === null) && unknown.includes(field)) return false;
    return alike?.(field, before, after) !== true;
  });
}

/** Facts are plain values, lists and small objects, made in one way: their texts tell. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Smaller first; for texts by code unit, which is the same everywhere. */
export function inOrder<T extends number | string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

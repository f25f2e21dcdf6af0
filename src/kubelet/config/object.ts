/** A parsed JSON or YAML mapping. Its keys may be any, `__proto__` included. */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value under a chain of keys, or undefined where a link of the chain is missing. */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Mappings inside and out are merged by key, anything else is replaced whole. */
export function overlay(base: JsonObject, over: JsonObject): JsonObject {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isObject(below) && isObject(value) ? overlay(below, value) : value);
  }
  return fromEntries(merged);
}

/** `Object.fromEntries`, which also takes `__proto__` for a key like any other. */
export function fromEntries(entries: Iterable<readonly [string, unknown]>): JsonObject {
  const made: { [key: string]: unknown } = Object.create(null) as { [key: string]: unknown };
  for (const [key, value] of entries) made[key] = value;
  return made;
}

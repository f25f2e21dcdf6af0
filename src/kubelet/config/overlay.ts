import { isObject, type JsonObject } from "../../base/json-object.ts";

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

import { isObject, type JsonObject } from "../../../base/json-object.ts";

/** Reads a JSON object; undefined where the text is none. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Those of some values that are texts or numbers, as facts; long texts are cut. */
export function plainFacts(
  values: Readonly<Record<string, unknown>>,
): Record<string, string | number> {
  const facts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number" && Number.isFinite(value)) facts[name] = value;
    if (typeof value === "string" && value !== "") facts[name] = value.slice(0, 200);
  }
  return facts;
}

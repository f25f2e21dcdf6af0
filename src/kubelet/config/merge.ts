import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { fromEntries, overlay } from "./overlay.ts";

/** A parsed file of the configuration. */
export interface Layer {
  /** Path of the file. */
  origin: string;
  value: JsonObject;
}

/**
 * RFC 7386, which the kubelet merges its drop-ins with: mappings by key, lists and scalars
 * replaced, `null` takes away.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return fromEntries(merged);
}

/**
 * The configuration of `--config` with the drop-ins of `--config-dir` over it.
 *
 * As in the kubelet (cmd/kubelet/app/server.go, mergeKubeletConfigurations): the main file gets
 * its defaults before the drop-ins are laid over it, and none after; the drop-ins are merged with
 * each other first, so a `null` takes back what an earlier drop-in said, and never what the main
 * file or a default says.
 * @param base the main file with its defaults.
 * @param dropIns in the order of their names.
 */
export function mergeDropIns(base: JsonObject, dropIns: readonly Layer[]): JsonObject {
  let patch: unknown = fromEntries([]);
  for (const { value } of dropIns) patch = mergePatch(patch, value);
  return overlay(base, patch as JsonObject);
}

/** The file that a setting comes from, or undefined where it is a default. */
export function originOf(
  path: readonly string[],
  main: Layer | undefined,
  dropIns: readonly Layer[],
): string | undefined {
  for (const { origin, value } of [...dropIns].reverse()) {
    const found = reached(value, path);
    if (found === null) break;
    if (found !== undefined) return origin;
  }
  if (main === undefined) return undefined;
  return valueAt(main.value, ...path) == null ? undefined : main.origin;
}

/** Like `valueAt`, but null where a link of the chain is null. */
function reached(value: JsonObject, path: readonly string[]): unknown {
  for (let length = 1; length <= path.length; length++) {
    const found = valueAt(value, ...path.slice(0, length));
    if (found == null) return found;
  }
  return valueAt(value, ...path);
}

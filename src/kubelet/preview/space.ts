import { Fault } from "../../base/errors.ts";
import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { formatBytes } from "../../base/units.ts";
import type { Target } from "../asked.ts";
import { type ApiMeans, askApi } from "../cluster/ask-api.ts";
import { met, type PreviewRow, unmet, untold } from "./row.ts";

const need = {
  id: "space",
  what: "the node's disk has room for the container's memory",
  needed: "twice the memory: CRIU's images, and the archive of them",
  required: true,
};

/**
 * What the kubelet measures of its disk and of a container, by the node proxy.
 * @returns the kubelet's summary, or why there is none.
 */
export async function askSummary(means: ApiMeans, node: string): Promise<JsonObject | string> {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/stats/summary`;
  try {
    return (await askApi(means, path)) ?? "the API server knows no such node";
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.detail.what;
  }
}

/** Compares free bytes with the memory that is in use. */
export function spaceRow(
  summary: JsonObject | string,
  { namespace, pod, container }: Target,
): PreviewRow {
  if (typeof summary === "string") return untold(need, summary);
  const free = valueAt(summary, "node", "fs", "availableBytes");
  const pods = objects(summary["pods"]);
  const entry = pods.find(
    (it) =>
      valueAt(it, "podRef", "namespace") === namespace && valueAt(it, "podRef", "name") === pod,
  );
  const stats = objects(entry?.["containers"]).find(({ name }) => name === container);
  const used = valueAt(stats, "memory", "workingSetBytes");
  if (typeof free !== "number" || typeof used !== "number") {
    return untold(need, "the kubelet has not measured it");
  }
  const found = `${formatBytes(free)} free, ${formatBytes(used)} of memory in use`;
  if (free >= 2 * used) return met(need, found);
  return unmet(need, found, "make room on the node: old checkpoints, images that nothing uses");
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

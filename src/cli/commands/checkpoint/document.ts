import { apiVersion, type Document } from "../../../base/document.ts";
import type { Fault } from "../../../base/errors.ts";
import { formatTime } from "../../../base/time.ts";
import type { Fetched } from "../../../kubelet/fetch/fetch.ts";
import type { Plan } from "../../../kubelet/planned.ts";
import type { Outcome } from "../../../kubelet/route.ts";
import { faultDocument } from "../../print-fault.ts";

interface CheckpointResult extends Document<"CheckpointResult"> {
  items: object[];
  notTried: object[];
}

/** The document of `-o json`. */
export function checkpointResult(
  outcomes: readonly Outcome[],
  faults: Plan["faults"],
): CheckpointResult {
  return {
    apiVersion,
    kind: "CheckpointResult",
    items: outcomes.map(itemOf),
    notTried: faults.map(({ name, fault }) => ({ target: name, error: faultDocument(fault) })),
  };
}

function itemOf({ place, startedAt, endedAt, result, fetched }: Outcome): object {
  const made = "paths" in result ? result : undefined;
  return {
    ...place.target,
    node: place.node ?? null,
    kubeletVersion: place.kubeletVersion ?? null,
    route: made?.route ?? null,
    url: made?.url ?? null,
    paths: made?.paths ?? [],
    startedAt: formatTime(startedAt),
    seconds: Math.max(0, endedAt - startedAt) / 1000,
    fetched: fetched?.map((one, at) => fetchedDocument(one, made?.paths[at] ?? "")) ?? null,
    error: "paths" in result ? null : faultDocument(result),
  };
}

function fetchedDocument(one: Fetched | Fault, from: string): object {
  if (!("path" in one)) {
    const nothing = { path: null, way: null, sizeBytes: null, sha256: null };
    return {
      from,
      ...nothing,
      compared: false,
      removed: false,
      error: faultDocument(one),
      faults: [],
    };
  }
  const { path, way, sizeBytes, sha256, compared, removed, faults } = one;
  const known = { from, path, way, sizeBytes, sha256, compared, removed };
  return { ...known, error: null, faults: faults.map(faultDocument) };
}

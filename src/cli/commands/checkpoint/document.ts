import { apiVersion, type Document } from "../../../base/document.ts";
import { formatTime } from "../../../base/time.ts";
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

function itemOf({ place, startedAt, endedAt, result }: Outcome): object {
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
    error: "paths" in result ? null : faultDocument(result),
  };
}

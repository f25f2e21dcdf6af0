import { Fault } from "../base/errors.ts";
import { nameOf } from "../kubelet/asked.ts";
import type { ApiMeans } from "../kubelet/cluster/ask-api.ts";
import type { Planned } from "../kubelet/planned.ts";
import { type Caller, callerRows } from "../kubelet/preview/caller.ts";
import type { PreviewItem } from "../kubelet/preview/item.ts";
import { predict } from "../kubelet/preview/predict.ts";
import { met, type PreviewRow, unmet, untold } from "../kubelet/preview/row.ts";
import { askSummary, spaceRow } from "../kubelet/preview/space.ts";
import type { Route } from "../kubelet/route.ts";
import { apiNodeFacts } from "./api.ts";
import { answersOf } from "./from-cluster.ts";
import { verdicts } from "./verdicts.ts";

/** What is known of a node, and what its kubelet measures. */
interface NodeAnswer {
  rows: PreviewRow[];
  summary: Awaited<ReturnType<typeof askSummary>>;
}

/** Asks the API server for a node, and its kubelet for what it measures. */
export async function askNode(node: string, api: ApiMeans, now: number): Promise<NodeAnswer> {
  return { rows: await nodeRows(node, api, now), summary: await askSummary(api, node) };
}

async function nodeRows(node: string, api: ApiMeans, now: number): Promise<PreviewRow[]> {
  try {
    const { rows } = verdicts(apiNodeFacts(await answersOf(api, node)), now);
    return rows
      .filter(({ purposes }) => purposes.includes("checkpoint"))
      .map(({ id, what, found, needed, verdict, reason, remedy, required }) => ({
        id,
        what,
        found,
        needed,
        verdict,
        reason,
        remedy,
        required,
      }));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const need = { id: "node", what: "the node can checkpoint", needed: "yes", required: true };
    return [untold(need, error.detail.what, `cryoscope node ${node}`)];
  }
}

/**
 * What one checkpoint would meet. Where no API server was asked, nothing is known.
 * @param timeout seconds, as the kubelet would be told.
 */
export async function previewOf(
  { place, urls, known }: Planned,
  timeout: bigint | undefined,
  caller: Caller | null,
  ask: (node: string, api: ApiMeans) => Promise<NodeAnswer>,
  route: Route | "auto",
): Promise<PreviewItem> {
  const rows: PreviewRow[] = [];
  if (known !== undefined && caller !== null) {
    const { rows: ofNode, summary } = await ask(place.node ?? "", known.means);
    rows.push(
      stateRow(place.containerState ?? "unknown"),
      ...callerRows(caller, route),
      ...ofNode,
      spaceRow(summary, place.target),
      ...predict(known.pod.object, place.target.container),
    );
  }
  return {
    name: nameOf(place.target),
    ...place.target,
    node: place.node ?? null,
    kubeletVersion: place.kubeletVersion ?? null,
    state: place.containerState ?? null,
    urls: urls(timeout),
    can: conclude(rows),
    rows,
  };
}

function stateRow(state: string): PreviewRow {
  const need = { id: "running", what: "the container runs", needed: "running", required: true };
  if (state === "running") return met(need, state);
  if (state === "unknown") return untold(need, "the API does not say");
  return unmet(need, state, "checkpoint it while it runs");
}

function conclude(rows: readonly PreviewRow[]): PreviewItem["can"] {
  const needed = rows.filter(({ required }) => required);
  if (needed.some(({ verdict }) => verdict === "no")) return "no";
  const open = rows.length === 0 || needed.some(({ verdict }) => verdict === "unknown");
  return open ? "unknown" : "yes";
}

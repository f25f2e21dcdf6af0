import { apiVersion } from "../../../base/document.ts";
import { Fault } from "../../../base/errors.ts";
import { nameOf } from "../../../kubelet/asked.ts";
import type { Patience } from "../../../kubelet/call.ts";
import type { ApiMeans } from "../../../kubelet/cluster/ask-api.ts";
import { askCaller, type Caller, callerRows } from "../../../kubelet/preview/caller.ts";
import { predict } from "../../../kubelet/preview/predict.ts";
import { met, type PreviewRow, unmet, untold } from "../../../kubelet/preview/row.ts";
import { askSummary, spaceRow } from "../../../kubelet/preview/space.ts";
import { apiNodeFacts } from "../../../node/api.ts";
import { answersOf } from "../../../node/from-cluster.ts";
import { verdicts } from "../../../node/verdicts.ts";
import {
  type CheckpointPreview,
  type PreviewItem,
  renderPreview,
} from "../../../report/preview-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { printResult } from "../../output.ts";
import { faultDocument, faultText } from "../../print-fault.ts";
import type { CheckpointOptions } from "./options.ts";
import type { Plan, Planned } from "./planned.ts";

/**
 * Says of each container where the call would go and what is against it. Nothing is checkpointed;
 * the API server is asked what it knows.
 */
export async function previewCheckpoints(
  { planned, faults }: Plan,
  { timeout }: Patience,
  options: CheckpointOptions,
  io: Io,
): Promise<number> {
  const [first] = faults;
  if (first !== undefined && faults.length === 1 && planned.length === 0) throw first.fault;
  const means = planned.find(({ known }) => known !== undefined)?.known?.means;
  const caller = means === undefined ? null : await askCaller(means);
  const ask = once((node: string, api: ApiMeans) => askNode(node, api, io.now()));
  const items: PreviewItem[] = [];
  for (const plan of planned) items.push(await itemOf(plan, timeout, caller, ask, options));
  const preview: CheckpointPreview = {
    apiVersion,
    kind: "CheckpointPreview",
    caller,
    items,
    notTried: faults.map(({ name, fault }) => ({ target: name, error: faultDocument(fault) })),
  };
  await printResult(
    preview,
    (table) => {
      if (options.quiet !== true) return renderPreview(preview, table);
      return items.map(({ urls }) => `${urls[0]?.url ?? ""}\n`).join("");
    },
    options,
    io,
  );
  for (const { name, fault } of faults) {
    await io.err.write(faultText(fault, fault.detail.what.includes(name) ? undefined : name));
  }
  const codes = faults.map(({ fault }) => exitCodes[fault.kind]);
  const against = items.some(({ can }) => can === "no") ? exitCodes.findings : exitCodes.fine;
  return Math.max(against, ...codes);
}

/** What is known of a node, and what its kubelet measures. */
interface NodeAnswer {
  rows: PreviewRow[];
  summary: Awaited<ReturnType<typeof askSummary>>;
}

async function askNode(node: string, api: ApiMeans, now: number): Promise<NodeAnswer> {
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

async function itemOf(
  { place, urls, known }: Planned,
  timeout: bigint | undefined,
  caller: Caller | null,
  ask: (node: string, api: ApiMeans) => Promise<NodeAnswer>,
  options: CheckpointOptions,
): Promise<PreviewItem> {
  const rows: PreviewRow[] = [];
  if (known !== undefined && caller !== null) {
    const { rows: ofNode, summary } = await ask(place.node ?? "", known.means);
    rows.push(
      stateRow(place.containerState ?? "unknown"),
      ...callerRows(caller, options.route === "local" ? "direct" : options.route),
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

/** Several containers of one node ask it once. */
function once<Result>(
  ask: (node: string, api: ApiMeans) => Promise<Result>,
): (node: string, api: ApiMeans) => Promise<Result> {
  const asked = new Map<string, Promise<Result>>();
  return (node, api) => {
    const answer = asked.get(node) ?? ask(node, api);
    asked.set(node, answer);
    return answer;
  };
}

import { existsSync } from "node:fs";
import { Fault } from "../../../base/errors.ts";
import { parseTime } from "../../../base/time.ts";
import { kubeletCheckpoints } from "../../../checkpoint/find-archives.ts";
import { type ApiAnswers, apiNodeFacts } from "../../../node/api.ts";
import { type NodeDocument, nodeDocument } from "../../../node/document.ts";
import type { NodeFacts } from "../../../node/facts.ts";
import { folderHost } from "../../../node/folder-host.ts";
import { answersOf, answersOfAll } from "../../../node/from-cluster.ts";
import { gatherHost } from "../../../node/gather.ts";
import { verdicts } from "../../../node/verdicts.ts";
import type { NodeRow, NodesPart } from "../../state/cluster.ts";
import { failureOf } from "../failure.ts";
import type { Handler } from "../handler.ts";
import { accessTo, clock, meansOf } from "./log-in.ts";

/** Milliseconds between two parts. */
const partTime = 300;

/** This host first, where it is a node; then what the cluster tells. */
export const answerNodes: Handler<"nodes"> = async ({ context }, services, { signal, part }) => {
  const readAt = clock.now();
  const host = documentOf(await gatherHost(folderHost("/")), readAt);
  const isNode = host.kubelet !== null || existsSync(kubeletCheckpoints);
  const own = isNode ? [rowOf(host, true, readAt)] : [];
  let known: NodesPart = { context: null, rows: own, failure: null, readAt };
  part(known);
  let toldAt = readAt;
  try {
    const access = await accessTo(context, services);
    known = { ...known, context: access.context };
    const told = (some: readonly ApiAnswers[]): void => {
      const rows = some.map((it) => rowOf(documentOf(apiNodeFacts(it), readAt), false, readAt));
      known = { ...known, rows: [...known.rows, ...rows] };
      // A part tells all rows so far, so thousands of nodes are not told of four by four.
      if (clock.now() - toldAt < partTime) return;
      toldAt = clock.now();
      part(known);
    };
    await answersOfAll(meansOf(access, signal), told);
    return known;
  } catch (error) {
    // What is known of this host, and of nodes before, is shown all the same.
    if (!(error instanceof Fault)) throw error;
    return { ...known, failure: failureOf(error) };
  }
};

export const answerNode: Handler<"node"> = async ({ name, context }, services, { signal }) => {
  if (name === null) return documentOf(await gatherHost(folderHost("/")), clock.now());
  const access = await accessTo(context, services);
  const facts = apiNodeFacts(await answersOf(meansOf(access, signal), name));
  return documentOf(facts, clock.now());
};

function documentOf(facts: NodeFacts, now: number): NodeDocument {
  return nodeDocument(facts, verdicts(facts, now));
}

function rowOf(
  { name, api, kubelet, engines, machine, verdicts }: NodeDocument,
  here: boolean,
  now: number,
): NodeRow {
  const renewed = parseTime(api?.lease?.renewedAt ?? "");
  const engine = engines.find(({ pid }) => pid !== null) ?? engines[0];
  const own = engine === undefined ? null : `${engine.engine} ${engine.version.value ?? ""}`.trim();
  return {
    name: name ?? "–",
    here,
    ready: api?.conditions.find(({ type }) => type === "Ready")?.status ?? null,
    kubelet: kubelet?.version.value ?? null,
    runtime: api?.runtime?.replace("://", " ") ?? own,
    gate: verdicts.rows.find(({ id }) => id === "gate")?.verdict ?? "unknown",
    checkpoint: verdicts.checkpoint.answer,
    restore: verdicts.restore.answer,
    because: verdicts.checkpoint.because,
    leaseAge: renewed === undefined ? null : Math.max(0, now - renewed),
    kernel: machine.kernel.value,
    address: api?.addresses[0]?.address ?? null,
  };
}

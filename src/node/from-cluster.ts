import { Fault, RemoteError } from "../base/errors.ts";
import { ExchangeFailure } from "../base/exchange-failure.ts";
import { isObject, valueAt } from "../base/json-object.ts";
import { jsonOf, saying } from "../kubelet/answer/status.ts";
import { type ApiMeans, askApi, timeLimit } from "../kubelet/cluster/ask-api.ts";
import { exchange } from "../kubelet/http/exchange.ts";
import type { ApiAnswers } from "./api.ts";

const encode = encodeURIComponent;
/** A kubelet that is well answers in milliseconds. */
const patience = 15_000;
/** Metrics of a kubelet with many pods have some MiB. */
const mostBytes = 64 * 1024 * 1024;
const pageSize = 500;
const mostPages = 200;
/** Nodes that are asked at once. */
const together = 4;

/**
 * What an API server answers of one node: the object, its lease, and through the node proxy the
 * kubelet's configuration and metrics, where we may read those.
 * @throws {RemoteError} where there is no such node, or it may not be read.
 */
export async function answersOf(means: ApiMeans, name: string): Promise<ApiAnswers> {
  const node = await askApi(means, `/api/v1/nodes/${encode(name)}`);
  if (node !== undefined) return withKubelet(means, name, node);
  throw new RemoteError({
    code: "no-node",
    what: `there is no node ${name}`,
    where: { url: means.api.base.origin },
    next: "see which there are: cryoscope node --all",
  });
}

/**
 * The same of every node, sorted by name.
 * @param told gets them a few at a time, as they are known.
 */
export async function answersOfAll(
  means: ApiMeans,
  told: (some: readonly ApiAnswers[]) => void = () => {},
): Promise<ApiAnswers[]> {
  const nodes = await listNodes(means);
  const answers: ApiAnswers[] = [];
  for (let at = 0; at < nodes.length; at += together) {
    const some = nodes.slice(at, at + together);
    const found = await Promise.all(some.map(([name, node]) => withKubelet(means, name, node)));
    answers.push(...found);
    told(found);
  }
  return answers;
}

async function listNodes(means: ApiMeans): Promise<[string, unknown][]> {
  const nodes: [string, unknown][] = [];
  let next = "";
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ limit: `${pageSize}` });
    if (next !== "") query.set("continue", next);
    const list = await askApi(means, `/api/v1/nodes?${query}`);
    const items = list?.["items"];
    for (const item of Array.isArray(items) ? items.filter(isObject) : []) {
      const name = valueAt(item, "metadata", "name");
      // Entries of a list bear no kind of their own.
      if (typeof name === "string") nodes.push([name, { ...item, kind: "Node" }]);
    }
    const rest = valueAt(list, "metadata", "continue");
    if (typeof rest !== "string" || rest === "") break;
    next = rest;
  }
  return nodes.sort(([a], [b]) => (a < b ? -1 : 1));
}

async function withKubelet(means: ApiMeans, name: string, node: unknown): Promise<ApiAnswers> {
  const leasePath = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encode(name)}`;
  const proxy = `/api/v1/nodes/${encode(name)}/proxy`;
  const [lease, configz, metrics] = await Promise.all([
    // Many may read nodes and not leases; the rest is still worth showing.
    askApi(means, leasePath).catch(forgive),
    askKubelet(means, `${proxy}/configz`),
    askKubelet(means, `${proxy}/metrics`),
  ]);
  return {
    node,
    lease,
    configz: "text" in configz ? jsonOf(configz.text) : undefined,
    metrics: "text" in metrics ? metrics.text : undefined,
    ...("why" in configz ? { kubeletWhy: `its /configz: ${configz.why}` } : {}),
  };
}

function forgive(error: unknown): undefined {
  if (!(error instanceof Fault) || error.kind === "interrupted") throw error;
  return undefined;
}

/** What a kubelet says through the node proxy, or why it says nothing. */
async function askKubelet(
  { api, clock, interrupted }: ApiMeans,
  path: string,
): Promise<{ text: string } | { why: string }> {
  const limit = timeLimit({ clock, interrupted }, patience);
  try {
    const answer = await exchange(
      api,
      { method: "GET", path, maxBytes: mostBytes },
      { clock, signal: limit.signal },
    );
    return answer.status === 200 ? { text: answer.body } : { why: saying(answer) };
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    return { why: limit.passed() ? `no answer within ${patience / 1000} s` : error.message };
  } finally {
    limit.cancel();
  }
}

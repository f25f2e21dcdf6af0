import type { Clock } from "../base/clock.ts";
import { Fault, RemoteError } from "../base/errors.ts";
import type { Target } from "./asked.ts";
import { checkpointPath, type Patience, requestCheckpoint, timeoutQuery } from "./call.ts";
import type { Access } from "./cluster/login.ts";
import type { NodeTarget } from "./cluster/pod.ts";
import { type KubeletOptions, kubeletEndpoint } from "./direct.ts";
import type { Fetched } from "./fetch/fetch.ts";
import { type Endpoint, urlOf } from "./http/endpoint.ts";

/** A way to the kubelet. */
export type Route = "direct" | "proxy";

/** What is known of a container before it is checkpointed. */
export interface Place {
  target: Target;
  /** Name of the node, where the API told it. */
  node?: string | undefined;
  kubeletVersion?: string | undefined;
  containerState?: string | undefined;
}

/** Archives that were made, and on which way they were asked for. */
export interface Made {
  paths: readonly string[];
  route: Route;
  url: string;
}

/** What came of one checkpoint that was asked for; times in milliseconds since 1970. */
export interface Outcome {
  place: Place;
  startedAt: number;
  endedAt: number;
  result: Made | Fault;
  /** What came of bringing each of the archives here, where that was asked for. */
  fetched?: readonly (Fetched | Fault)[];
}

export interface RouteMeans {
  patience: Patience;
  clock: Clock;
  interrupted: AbortSignal;
  /** Told when one way failed and the other is tried. */
  turned?: (place: Place, from: Fault, to: string) => void;
}

/** Asks a kubelet by itself. */
export function askKubelet(endpoint: Endpoint, place: Place, means: RouteMeans): Promise<Made> {
  return ask("direct", endpoint, "", place, means);
}

/** Asks through the API server's proxy to the node. */
function askThroughApi(
  api: Endpoint,
  node: string,
  place: Place,
  means: RouteMeans,
): Promise<Made> {
  return ask("proxy", api, proxyPath(node), place, means);
}

async function ask(
  route: Route,
  endpoint: Endpoint,
  prefix: string,
  { target, node, kubeletVersion, containerState }: Place,
  { patience, clock, interrupted }: RouteMeans,
): Promise<Made> {
  const path = `${prefix}${checkpointPath(target)}${timeoutQuery(patience.timeout)}`;
  const paths = await requestCheckpoint({
    endpoint,
    path,
    asked: { target, route, node, kubeletVersion, containerState },
    deadline: patience.deadline,
    clock,
    interrupted,
  });
  return { paths, route, url: urlOf(endpoint, path) };
}

/** A node of a cluster, and how to get to it. */
interface ClusterWay {
  access: Access;
  node: string;
  kubelet: NodeTarget;
  route: Route | "auto";
  options: KubeletOptions;
}

/** Refusals of the proxy's that say nothing against asking the kubelet itself. */
const turnable = new Set([
  "forbidden",
  "api-server-forbidden",
  "api-server-unauthenticated",
  "kubelet-certificate",
  "kubelet-unreachable",
]);

/** Failures of the direct way that tell of that way, and nothing of the checkpoint. */
const offTheWay = new Set([
  "forbidden",
  "unauthenticated",
  "not-a-kubelet",
  "refused",
  "unreachable",
  "connect-timeout",
  "unknown-host",
  "unknown-authority",
  "wrong-name",
  "expired",
  "not-yet-valid",
  "not-tls",
  "client-certificate",
  "tls",
  "not-http",
]);

/**
 * Asks on the way that was chosen; `auto` goes through the API server, and to the kubelet itself
 * where the refusal says that this can work. A call that may have begun is never sent twice.
 */
export async function askCluster(way: ClusterWay, place: Place, means: RouteMeans): Promise<Made> {
  const { access, node, route } = way;
  if (route === "direct") return askNode(way, place, means);
  try {
    return await askThroughApi(access.api, node, place, means);
  } catch (error) {
    if (!(error instanceof RemoteError) || !turnable.has(error.detail.code ?? "")) throw error;
    if (route === "proxy" || !canTurn(way)) throw error;
    return turn(way, place, means, error);
  }
}

async function turn(
  way: ClusterWay,
  place: Place,
  means: RouteMeans,
  before: RemoteError,
): Promise<Made> {
  const url = addressOf(way).origin;
  means.turned?.(place, before, url);
  try {
    return await askNode(way, place, means);
  } catch (error) {
    if (!(error instanceof Fault) || !offTheWay.has(error.detail.code ?? "")) throw error;
    const notes = [
      ...(before.detail.notes ?? []),
      `the kubelet itself was asked too, at ${url}: ${error.detail.what}`,
    ];
    throw new RemoteError({ ...before.detail, notes });
  }
}

/** Where a call to a kubelet by itself goes. */
export function callUrl(endpoint: Endpoint, target: Target, timeout: bigint | undefined): string {
  return urlOf(endpoint, `${checkpointPath(target)}${timeoutQuery(timeout)}`);
}

/** Where the calls of a way go, the first one first. Sends nothing. */
export function urlsOf(
  way: ClusterWay,
  target: Target,
  timeout: bigint | undefined,
): { route: Route; url: string }[] {
  const call = `${checkpointPath(target)}${timeoutQuery(timeout)}`;
  const urls: { route: Route; url: string }[] = [];
  if (way.route !== "direct") {
    urls.push({ route: "proxy", url: urlOf(way.access.api, `${proxyPath(way.node)}${call}`) });
  }
  if (way.route === "direct" || (way.route === "auto" && canTurn(way))) {
    urls.push({ route: "direct", url: `${addressOf(way).origin}${call}` });
  }
  return urls;
}

function proxyPath(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}/proxy`;
}

/** Kubelets know no impersonation, and would take us for somebody else. */
function canTurn({ access, kubelet }: ClusterWay): boolean {
  return !access.impersonates && kubelet.address !== undefined;
}

async function askNode(way: ClusterWay, place: Place, means: RouteMeans): Promise<Made> {
  const endpoint = await kubeletEndpoint(addressOf(way), way.options, way.access.api);
  return askKubelet(endpoint, place, means);
}

function addressOf({ node, kubelet: { address, port } }: ClusterWay): URL {
  const host = address?.includes(":") === true ? `[${address}]` : (address ?? "");
  const url = `https://${host}:${port}`;
  if (host !== "" && URL.canParse(url) && new URL(url).pathname === "/") return new URL(url);
  throw new RemoteError({
    code: "no-address",
    what: `the API tells no address of node ${node} that can be asked`,
    found: address ?? "none",
    next: "go through the API server with --route proxy, or give the address with --kubelet",
  });
}

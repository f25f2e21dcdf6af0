import { type Fault, RemoteError, UsageError } from "../../../base/errors.ts";
import { nameOf } from "../../../kubelet/asked.ts";
import type { ApiMeans } from "../../../kubelet/cluster/ask-api.ts";
import { findNode, findPod, selectPods } from "../../../kubelet/cluster/cluster.ts";
import { findKubeconfig } from "../../../kubelet/cluster/find-kubeconfig.ts";
import { type Access, logIn } from "../../../kubelet/cluster/login.ts";
import type { NodeTarget, Pod, PodContainer } from "../../../kubelet/cluster/pod.ts";
import { kubeletAddress, kubeletEndpoint } from "../../../kubelet/direct.ts";
import {
  askCluster,
  askKubelet,
  callUrl,
  type Made,
  type Place,
  type Route,
  type RouteMeans,
  urlsOf,
} from "../../../kubelet/route.ts";
import { checkNamespace, type NamedTarget, parseTarget } from "../../../kubelet/target.ts";
import type { Io } from "../../io.ts";
import type { CheckpointOptions } from "./options.ts";

/** One checkpoint that is to be made: where, and how; or why it cannot even be tried. */
export interface Planned {
  place: Place;
  /** Two of one node are made one after the other. */
  node: string;
  make: (means: RouteMeans) => Promise<Made>;
  /** Where the call would go, the likeliest first. */
  urls: (timeout: bigint | undefined) => { route: Route; url: string }[];
  /** What the API told; undefined where a kubelet is asked by its address. */
  known?: { pod: Pod; means: ApiMeans };
}

/** What cannot be planned, beside what can. */
export interface Plan {
  planned: Planned[];
  faults: { name: string; fault: Fault }[];
}

/** Finds out where each container is. Asks the API server, and nothing of a kubelet yet. */
export async function makePlan(
  words: readonly string[],
  options: CheckpointOptions,
  io: Io,
  interrupted: AbortSignal,
): Promise<Plan> {
  const { namespace } = options;
  if (namespace !== undefined) checkNamespace(namespace);
  const targets = words.map((word) => parseTarget(word, namespace));
  if (options.kubelet !== undefined) return planDirect(options.kubelet, words, targets, options);
  const access = await logIn(
    await findKubeconfig(options.kubeconfig, io.env),
    options.context,
    io.env,
  );
  const means = { api: access.api, clock: io, interrupted };
  return planCluster(words, targets, access, options, means);
}

async function planDirect(
  url: string,
  words: readonly string[],
  targets: readonly NamedTarget[],
  options: CheckpointOptions,
): Promise<Plan> {
  const base = kubeletAddress(url);
  const endpoint = await kubeletEndpoint(base, options);
  const planned = targets.map(({ namespace, pod, container }, at): Planned => {
    if (namespace === undefined || container === undefined) {
      throw new UsageError({
        code: "target",
        what: "a kubelet that is asked by itself needs the whole name",
        found: words[at] ?? "",
        allowed: "NAMESPACE/POD/CONTAINER, or POD/CONTAINER with -n",
        next: `kubectl get pod ${pod} -o jsonpath='{.spec.containers[*].name}'; static pods bear their node's name at the end`,
      });
    }
    const place = { target: { namespace, pod, container } };
    return {
      place,
      node: base.host,
      make: (means) => askKubelet(endpoint, place, means),
      urls: (timeout) => [{ route: "direct", url: callUrl(endpoint, place.target, timeout) }],
    };
  });
  return { planned, faults: [] };
}

async function planCluster(
  words: readonly string[],
  targets: readonly NamedTarget[],
  access: Access,
  options: CheckpointOptions,
  means: ApiMeans,
): Promise<Plan> {
  const plan: Plan = { planned: [], faults: [] };
  const nodes = new Map<string, Promise<NodeTarget>>();
  const nodeOf = (pod: Pod): Promise<NodeTarget> => {
    const name = pod.node ?? "";
    const known = nodes.get(name) ?? findNode(means, pod);
    nodes.set(name, known);
    return known;
  };
  const add = async (pod: Pod, containers: readonly PodContainer[]): Promise<void> => {
    const kubelet = await nodeOf(pod);
    for (const container of containers) {
      plan.planned.push(clusterCall(pod, container, kubelet, access, options, means));
    }
  };
  for (const [at, target] of targets.entries()) {
    const fault = await attempt(async () => {
      const pod = await findPod(means, target.namespace ?? access.namespace, target.pod);
      await add(pod, chooseContainers(pod, target.container, options));
    });
    if (fault !== undefined) plan.faults.push({ name: words[at] ?? "", fault });
  }
  if (options.selector === undefined) return plan;
  const named = new Set(plan.planned.map(({ place }) => nameOf(place.target)));
  const namespace = options.namespace ?? access.namespace;
  const pods = await selectPods(means, namespace, options.selector);
  if (pods.length === 0) throw noneSelected(namespace, options.selector);
  for (const pod of pods) {
    const name = `${namespace}/${pod.name}`;
    const fault = await attempt(async () => {
      const chosen = chooseContainers(pod, undefined, options);
      await add(
        pod,
        chosen.filter((container) => !named.has(`${name}/${container.name}`)),
      );
    });
    if (fault !== undefined) plan.faults.push({ name, fault });
  }
  return plan;
}

/** One pod that cannot be found must not keep the others from being checkpointed. */
async function attempt(work: () => Promise<void>): Promise<Fault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof RemoteError || error instanceof UsageError) return error;
    throw error;
  }
}

function clusterCall(
  pod: Pod,
  container: PodContainer,
  kubelet: NodeTarget,
  access: Access,
  options: CheckpointOptions,
  api: ApiMeans,
): Planned {
  const { node } = pod;
  const target = { namespace: pod.namespace, pod: pod.name, container: container.name };
  if (node === undefined) {
    throw new RemoteError({
      code: "not-scheduled",
      what: `pod ${pod.namespace}/${pod.name} runs on no node yet`,
      next: `see why: kubectl describe pod -n ${pod.namespace} ${pod.name}`,
    });
  }
  const place: Place = {
    target,
    node,
    kubeletVersion: kubelet.kubeletVersion,
    containerState: container.state,
  };
  const way = { access, node, kubelet, route: options.route, options };
  return {
    place,
    node,
    make: (means) => askCluster(way, place, means),
    urls: (timeout) => urlsOf(way, target, timeout),
    known: { pod, means: api },
  };
}

function chooseContainers(
  pod: Pod,
  name: string | undefined,
  { allContainers }: CheckpointOptions,
): readonly PodContainer[] {
  const { containers } = pod;
  if (name !== undefined) {
    const found = containers.find((container) => container.name === name);
    if (found !== undefined) return [found];
    throw wrongContainer(pod, `no container ${name}`, "one of its containers");
  }
  const running = containers.filter(({ state }) => state === "running");
  if (allContainers === true) {
    if (running.length > 0) return running;
    throw wrongContainer(pod, "no container that runs", "a container that runs");
  }
  const own = containers.filter(({ kind }) => kind === "container");
  if (own.length === 1) return own;
  throw wrongContainer(
    pod,
    `${own.length} containers`,
    "NAMESPACE/POD/CONTAINER, or --all-containers",
  );
}

function wrongContainer(
  { namespace, name, containers }: Pod,
  found: string,
  allowed: string,
): Fault {
  const list = containers.map(({ name: own, kind, state }) =>
    kind === "container" ? `${own} (${state})` : `${own} (${kind}, ${state})`,
  );
  return new UsageError({
    code: "no-container",
    what: `which container of ${namespace}/${name} is meant is not clear`,
    found,
    allowed,
    next: `it has ${list.length === 0 ? "none" : list.join(", ")}`,
  });
}

function noneSelected(namespace: string, selector: string): RemoteError {
  return new RemoteError({
    code: "no-pod",
    what: `no pod in namespace ${namespace} has the labels ${selector}`,
    next: `see which there are: kubectl get pods -n ${namespace} --show-labels`,
  });
}

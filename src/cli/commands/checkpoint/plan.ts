import { type Fault, RemoteError, UsageError } from "../../../base/errors.ts";
import { nameOf } from "../../../kubelet/asked.ts";
import type { ApiMeans } from "../../../kubelet/cluster/ask-api.ts";
import { findNode, findPod, selectPods } from "../../../kubelet/cluster/cluster.ts";
import { findKubeconfig } from "../../../kubelet/cluster/find-kubeconfig.ts";
import { type Access, logIn } from "../../../kubelet/cluster/login.ts";
import type { NodeTarget, Pod, PodContainer } from "../../../kubelet/cluster/pod.ts";
import { kubeletAddress, kubeletEndpoint } from "../../../kubelet/direct.ts";
import { askCluster, type Place, urlsOf } from "../../../kubelet/route.ts";
import { checkNamespace, type NamedTarget, parseTarget } from "../../../kubelet/target.ts";
import type { Io } from "../../io.ts";
import type { CheckpointOptions } from "./options.ts";

import { planLocal } from "./plan-local.ts";
import { type Plan, type Planned, planDirect } from "./planned.ts";

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
  if (options.route === "local") return planLocal("/", words, targets, options);
  if (options.kubelet !== undefined) {
    const base = kubeletAddress(options.kubelet);
    return planDirect(await kubeletEndpoint(base, options), words, targets);
  }
  const access = await logIn(
    await findKubeconfig(options.kubeconfig, io.env),
    options.context,
    io.env,
  );
  const means = { api: access.api, clock: io, interrupted };
  return planCluster(words, targets, access, options, means);
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
  const route = options.route === "local" ? "auto" : options.route;
  const way = { access, node, kubelet, route, options };
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

import { type Fault, RemoteError, UsageError } from "../../base/errors.ts";
import { nameOf } from "../asked.ts";
import type { KubeletOptions } from "../direct.ts";
import type { Plan, Planned } from "../planned.ts";
import { askCluster, type Place, type Route, urlsOf } from "../route.ts";
import type { NamedTarget } from "../target.ts";
import type { ApiMeans } from "./ask-api.ts";
import { findNode, findPod, selectPods } from "./cluster.ts";
import type { Access } from "./login.ts";
import type { NodeTarget, Pod, PodContainer } from "./pod.ts";

/** Which containers of a cluster are meant, and on which way they are asked for. */
export interface ClusterChoice extends KubeletOptions {
  /** Of the selector. */
  namespace?: string;
  selector?: string;
  /** Of each pod that the selector fits. */
  container?: string;
  allContainers?: boolean;
  route: Route | "auto";
}

/**
 * Finds out where containers are: asks the API server, and nothing of a kubelet yet.
 * @param words the targets as they were written, for faults.
 */
export async function planCluster(
  words: readonly string[],
  targets: readonly NamedTarget[],
  access: Access,
  options: ClusterChoice,
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
      const chosen = chooseContainers(pod, options.container, options);
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
  options: ClusterChoice,
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
    from: {
      node,
      address: kubelet.address,
      local: false,
      cluster: { api: access.api, namespace: pod.namespace },
    },
    known: { pod, means: api },
  };
}

function chooseContainers(
  pod: Pod,
  name: string | undefined,
  { allContainers }: ClusterChoice,
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

import { type ClusterWish, granted } from "../../../kubelet/cluster/access.ts";
import type { ApiMeans } from "../../../kubelet/cluster/ask-api.ts";
import {
  findPod,
  listNamespaces,
  listNodeNames,
  listPods,
} from "../../../kubelet/cluster/cluster.ts";
import { findKubeconfig } from "../../../kubelet/cluster/find-kubeconfig.ts";
import { logIn } from "../../../kubelet/cluster/login.ts";
import type { Pod } from "../../../kubelet/cluster/pod.ts";
import { parseTarget } from "../../../kubelet/target.ts";
import type { Io } from "../../io.ts";
import type { Candidate, NameKind } from "./candidates.ts";
import type { Position } from "./position.ts";

/**
 * Names of a kind, as the kubeconfig and the API server know them.
 * @param interrupted when nobody waits any more.
 * @throws {Fault} where they cannot be had.
 */
export async function clusterNames(
  kind: NameKind,
  position: Position,
  io: Io,
  interrupted: AbortSignal,
): Promise<Candidate[]> {
  const { given } = position;
  const wish = wishOf(given);
  const config = await findKubeconfig(wish.kubeconfig, io.env);
  if (kind === "context") return config.contexts.map(named);
  if (kind === "cluster") return config.clusters.map(named);
  if (kind === "user") return config.users.map(named);
  const access = await logIn(granted(config, wish), wish.context, io.env);
  const means: ApiMeans = { api: access.api, clock: io, interrupted };
  const word = (name: string): Candidate => ({ word: name });
  if (kind === "namespace") return (await listNamespaces(means)).map(word);
  if (kind === "node") return (await listNodeNames(means)).map(word);
  const namespace = given.get("--namespace") ?? access.namespace;
  if (kind === "container") return containersOf(position, namespace, means);
  return targets(position, namespace, means);
}

function wishOf(given: Position["given"]): ClusterWish {
  return {
    kubeconfig: given.get("--kubeconfig"),
    context: given.get("--context"),
    cluster: given.get("--cluster"),
    user: given.get("--user"),
    server: given.get("--server"),
    as: given.get("--as"),
  };
}

const named = ({ name }: { name: string }): Candidate => ({ word: name });

/** Containers of the pods that are named already. */
async function containersOf(
  { operands, given }: Position,
  namespace: string,
  means: ApiMeans,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const operand of operands) {
    const target = parseTarget(operand, given.get("--namespace"));
    const pod = await findPod(means, target.namespace ?? namespace, target.pod);
    found.push(...containerWords(pod, ""));
  }
  return found;
}

/**
 * A target piece by piece, as parseTarget reads it: pods of the namespace, and without `-n` other
 * namespaces too; behind a slash what belongs to the name before it.
 */
async function targets(
  { begun, given }: Position,
  namespace: string,
  means: ApiMeans,
): Promise<Candidate[]> {
  const parts = begun.split("/").slice(0, -1);
  const start = parts.map((part) => `${part}/`).join("");
  const [first = "", second] = parts;
  const known = given.has("--namespace");
  const podKind = /^(pods?|po)$/.test(first);
  if (parts.length === 0) {
    const [pods, namespaces] = await Promise.all([
      listPods(means, namespace),
      // Who may not list namespaces has pods all the same.
      known ? [] : listNamespaces(means).catch(() => []),
    ]);
    const others = namespaces.map((name) => ({ word: `${name}/`, about: "namespace" }));
    return [...pods.map((pod) => podWord(pod, "")), ...others];
  }
  if (parts.length === 1) {
    if (known && !podKind) return containerWords(await findPod(means, namespace, first), start);
    const pods = await listPods(means, podKind ? namespace : first);
    return pods.map((pod) => podWord(pod, start));
  }
  if (parts.length > 2 || second === undefined) return [];
  return containerWords(await findPod(means, first, second), start);
}

function podWord({ name, containers }: Pod, start: string): Candidate {
  return { word: `${start}${name}`, about: containers.map((each) => each.name).join(", ") };
}

function containerWords({ containers }: Pod, start: string): Candidate[] {
  return containers.map(({ name, state }) => ({ word: `${start}${name}`, about: state }));
}

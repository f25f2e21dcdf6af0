import { RemoteError } from "../../base/errors.ts";
import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { type ApiMeans, askApi } from "./ask-api.ts";
import { kubeletPort, type NodeTarget, type Pod, readNode, readPod } from "./pod.ts";

const encode = encodeURIComponent;

/**
 * A pod by its name.
 * @throws {RemoteError} also where there is none of that name.
 */
export async function findPod(means: ApiMeans, namespace: string, name: string): Promise<Pod> {
  const path = `/api/v1/namespaces/${encode(namespace)}/pods/${encode(name)}`;
  const object = await askApi(means, path);
  if (object !== undefined) return readPod(object);
  throw new RemoteError({
    code: "no-pod",
    what: `there is no pod ${name} in namespace ${namespace}`,
    where: { url: means.api.base.origin },
    next: `see which there are: kubectl get pods -n ${namespace}; another namespace goes by -n or NAMESPACE/POD/CONTAINER`,
  });
}

/** A page holds this many, and a cluster has far fewer pages. */
const pageSize = 500;
const mostPages = 2000;

/** The pods of a namespace that a label selector fits, sorted by name. */
export async function selectPods(
  means: ApiMeans,
  namespace: string,
  selector: string,
): Promise<Pod[]> {
  const path = `/api/v1/namespaces/${encode(namespace)}/pods`;
  return byName((await listAll(means, path, { labelSelector: selector })).map(readPod));
}

/** All pods of a namespace, sorted by name. */
export async function listPods(means: ApiMeans, namespace: string): Promise<Pod[]> {
  const path = `/api/v1/namespaces/${encode(namespace)}/pods`;
  return byName((await listAll(means, path)).map(readPod));
}

/** Names of all namespaces, sorted. */
export function listNamespaces(means: ApiMeans): Promise<string[]> {
  return listNames(means, "/api/v1/namespaces");
}

/** Names of all nodes, sorted. */
export function listNodeNames(means: ApiMeans): Promise<string[]> {
  return listNames(means, "/api/v1/nodes");
}

async function listNames(means: ApiMeans, path: string): Promise<string[]> {
  const names = (await listAll(means, path)).map((object) => valueAt(object, "metadata", "name"));
  return names.filter((name) => typeof name === "string").sort();
}

function byName(pods: Pod[]): Pod[] {
  return pods.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Objects of a list, page after page. */
async function listAll(
  means: ApiMeans,
  path: string,
  wanted: Readonly<Record<string, string>> = {},
): Promise<JsonObject[]> {
  const objects: JsonObject[] = [];
  let next = "";
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ ...wanted, limit: `${pageSize}` });
    if (next !== "") query.set("continue", next);
    const list = await askApi(means, `${path}?${query}`);
    const items = list?.["items"];
    if (Array.isArray(items)) objects.push(...items.filter(isObject));
    const rest = valueAt(list, "metadata", "continue");
    if (typeof rest !== "string" || rest === "") break;
    next = rest;
  }
  return objects;
}

/**
 * Where a node's kubelet is, and which it is. Who may not read nodes learns the address from the
 * pod, and no version.
 */
export async function findNode(means: ApiMeans, { node = "", hostIp }: Pod): Promise<NodeTarget> {
  const fallback = { address: hostIp, port: kubeletPort, kubeletVersion: undefined };
  try {
    const object = await askApi(means, `/api/v1/nodes/${encode(node)}`);
    return object === undefined ? fallback : readNode(object);
  } catch (error) {
    if (error instanceof RemoteError && error.detail.code === "forbidden") return fallback;
    throw error;
  }
}

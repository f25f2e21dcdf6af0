import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";

/** A container of a pod, as the API tells of it. */
export interface PodContainer {
  name: string;
  kind: "container" | "init" | "ephemeral";
  /** `running`, `waiting (CrashLoopBackOff)`, `terminated (Completed)`, `unknown`. */
  state: string;
}

/** What of a pod matters here. */
export interface Pod {
  namespace: string;
  name: string;
  /** Undefined until it has been given to a node. */
  node: string | undefined;
  /** The node's address as the kubelet reported it. */
  hostIp: string | undefined;
  containers: readonly PodContainer[];
  /** The whole object, as the API server gave it. */
  object: JsonObject;
}

const lists = [
  ["containers", "containerStatuses", "container"],
  ["initContainers", "initContainerStatuses", "init"],
  ["ephemeralContainers", "ephemeralContainerStatuses", "ephemeral"],
] as const;

/** Reads a pod object. Whatever is not of the right kind is passed over: it cannot be named. */
export function readPod(object: JsonObject): Pod {
  const containers = lists.flatMap(([spec, status, kind]) => {
    const statuses = objects(valueAt(object, "status", status));
    return objects(valueAt(object, "spec", spec)).flatMap((container): PodContainer[] => {
      const { name } = container;
      if (typeof name !== "string") return [];
      const state = statuses.find((entry) => entry["name"] === name)?.["state"];
      return [{ name, kind, state: stateOf(state) }];
    });
  });
  return {
    namespace: text(valueAt(object, "metadata", "namespace")) ?? "",
    name: text(valueAt(object, "metadata", "name")) ?? "",
    node: text(valueAt(object, "spec", "nodeName")),
    hostIp: text(valueAt(object, "status", "hostIP")),
    containers,
    object,
  };
}

function stateOf(state: unknown): string {
  if (!isObject(state)) return "unknown";
  for (const name of ["running", "waiting", "terminated"]) {
    if (!isObject(state[name])) continue;
    const reason = text(state[name]["reason"]);
    return reason === undefined ? name : `${name} (${reason})`;
  }
  return "unknown";
}

/** What of a node matters to a call. */
export interface NodeTarget {
  /** Addresses of the kubelet, the likeliest first. */
  address: string | undefined;
  port: number;
  /** `v1.36.2`. */
  kubeletVersion: string | undefined;
}

/** The order in which an API server tries them too. */
const addressTypes = ["InternalIP", "ExternalIP", "InternalDNS", "ExternalDNS", "Hostname"];
export const kubeletPort = 10250;

export function readNode(object: JsonObject): NodeTarget {
  const addresses = objects(valueAt(object, "status", "addresses"));
  const byType = addressTypes.map((type) => addresses.find((entry) => entry["type"] === type));
  const port = valueAt(object, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
  const valid = typeof port === "number" && Number.isInteger(port) && port > 0 && port < 65536;
  return {
    address: text(byType.find((entry) => entry !== undefined)?.["address"]),
    port: valid ? port : kubeletPort,
    kubeletVersion: text(valueAt(object, "status", "nodeInfo", "kubeletVersion")),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

import { type Fault, UsageError } from "../base/errors.ts";
import type { ApiMeans } from "./cluster/ask-api.ts";
import type { Pod } from "./cluster/pod.ts";
import type { FetchFrom } from "./fetch/fetch-archive.ts";
import type { Endpoint } from "./http/endpoint.ts";
import {
  askKubelet,
  callUrl,
  type Made,
  type Place,
  type Route,
  type RouteMeans,
} from "./route.ts";
import type { NamedTarget } from "./target.ts";

/** One checkpoint that is to be made: where, and how; or why it cannot even be tried. */
export interface Planned {
  place: Place;
  /** Two of one node are made one after the other. */
  node: string;
  make: (means: RouteMeans) => Promise<Made>;
  /** Where the call would go, the likeliest first. */
  urls: (timeout: bigint | undefined) => { route: Route; url: string }[];
  /** Where its archive will lie. */
  from: FetchFrom;
  /** What the API told; undefined where a kubelet is asked by its address. */
  known?: { pod: Pod; means: ApiMeans };
}

/** What cannot be planned, beside what can. */
export interface Plan {
  /** What the kubelet gives its runtime, in seconds, where that is known. */
  kubeletPatience?: bigint | undefined;
  planned: Planned[];
  faults: { name: string; fault: Fault }[];
}

/**
 * Calls to one kubelet that is asked by its address.
 * @param local it is known to be this machine's.
 */
export function planDirect(
  endpoint: Endpoint,
  words: readonly string[],
  targets: readonly NamedTarget[],
  local = false,
): Plan {
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
    const { host, hostname } = endpoint.base;
    return {
      place,
      node: host,
      from: { node: hostname, address: hostname, local, cluster: undefined },
      make: (means) => askKubelet(endpoint, place, means),
      urls: (timeout) => [{ route: "direct", url: callUrl(endpoint, place.target, timeout) }],
    };
  });
  return { planned, faults: [] };
}

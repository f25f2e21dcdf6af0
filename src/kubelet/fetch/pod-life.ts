import { pause } from "../../base/clock.ts";
import { formatDuration } from "../../base/duration.ts";
import { RemoteError, TimeoutError } from "../../base/errors.ts";
import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { type ApiMeans, askApi } from "../cluster/ask-api.ts";
import { type PodState, podState } from "./pod-state.ts";
import { type ReaderWish, readerPod } from "./reader-pod.ts";
import { creationRefused } from "./refusals.ts";

/** Images are pulled meanwhile. */
const startPatience = 120_000;
const lookEvery = 500;

type Named = Pick<ReaderWish, "name" | "namespace">;

function pathOf({ namespace, name }: Named): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}

/** @throws {RemoteError} */
export async function makePod(means: ApiMeans, wish: ReaderWish): Promise<void> {
  const path = `/api/v1/namespaces/${encodeURIComponent(wish.namespace)}/pods`;
  const made = await askApi(means, path, readerPod(wish)).catch((error: unknown) => {
    throw creationRefused(error, wish.namespace);
  });
  if (made !== undefined) return;
  throw new RemoteError({
    code: "no-namespace",
    what: `there is no namespace ${wish.namespace}`,
    next: "give one that is there: --namespace-for-fetch; kubectl get namespaces",
  });
}

/**
 * Waits until the pod runs.
 * @throws {RemoteError} where it will not, {TimeoutError} where it does not.
 */
export async function waitForPod(means: ApiMeans, wish: ReaderWish): Promise<void> {
  const since = means.clock.now();
  let why = "";
  while (means.clock.now() - since < startPatience && !means.interrupted.aborted) {
    const state = await lookAt(means, wish);
    if (state.state === "running") return;
    if (state.state !== "waiting") throw willNotRun(state, wish);
    why = state.why;
    await pause(means.clock, lookEvery, means.interrupted);
  }
  const event = means.interrupted.aborted ? undefined : await lastWarning(means, wish);
  throw new TimeoutError({
    code: "pod-not-started",
    what: `node ${wish.node} did not start the pod that would read the archive within ${formatDuration(startPatience)}`,
    found: event ?? why,
    allowed: "a node that is Ready, and an image that it can pull",
    next: "see whether the node is Ready: kubectl get nodes; an image that it has already: --fetch-image",
  });
}

/** What became of the pod; gone is ended. */
export async function lookAt(means: ApiMeans, wish: Named): Promise<PodState> {
  const pod = await askApi(means, pathOf(wish));
  return pod === undefined ? { state: "ended", why: "it is gone" } : podState(pod);
}

/** The pod was there, and is not any more, or never came up. */
export function willNotRun(state: PodState, wish: ReaderWish): RemoteError {
  const why = "why" in state ? state.why : state.state;
  if (state.state === "no-image") {
    return new RemoteError({
      code: "fetch-image",
      what: `node ${wish.node} cannot get the image ${wish.image} for the pod that would read the archive`,
      found: why,
      allowed: "an image with cat, stat, sleep and sha256sum (busybox, any distribution)",
      next: "give one that the node has or can pull: --fetch-image IMAGE",
    });
  }
  const evicted = /^Evicted|DiskPressure|MemoryPressure|PIDPressure/.test(why);
  return new RemoteError({
    code: evicted ? "pod-evicted" : "pod-ended",
    what: evicted
      ? `node ${wish.node} threw out the pod that read the archive: it is short of room`
      : `the pod that read the archive ended on node ${wish.node}`,
    found: why,
    next: evicted
      ? `make room there (cryoscope node ${wish.node}), or use --fetch-command`
      : "the image needs sleep, cat, stat and sha256sum: --fetch-image; and the node has to take pods: kubectl describe node",
  });
}

/** Mounts that fail stand nowhere but in events. Who may not read those learns less. */
async function lastWarning(
  means: ApiMeans,
  { namespace, name }: Named,
): Promise<string | undefined> {
  const query = new URLSearchParams({
    fieldSelector: `involvedObject.name=${name},type=Warning`,
    limit: "100",
  });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events?${query}`;
  const list = await askApi(means, path).catch(() => undefined);
  const items = valueAt(list, "items");
  const last: JsonObject | undefined = Array.isArray(items)
    ? items.filter(isObject).at(-1)
    : undefined;
  const message = last?.["message"];
  return typeof message === "string" ? `${last?.["reason"]}: ${message}`.slice(0, 600) : undefined;
}

/**
 * Removes the pod, whether or not it is there.
 * @param means must not be of what was given up.
 * @throws {RemoteError} where it stays.
 */
export async function removePod(means: ApiMeans, wish: Named): Promise<void> {
  await askApi(means, pathOf(wish), undefined, "DELETE");
}

import { randomBytes } from "node:crypto";
import { formatDuration } from "../../base/duration.ts";
import { Fault, RemoteError } from "../../base/errors.ts";
import type { ApiMeans } from "../cluster/ask-api.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { ArchivePath } from "./archive-path.ts";
import { bring } from "./bring.ts";
import type { Fetched, FetchMeans, Landing } from "./fetch.ts";
import { lookAt, makePod, removePod, waitForPod, willNotRun } from "./pod-life.ts";
import { podSource } from "./pod-source.ts";
import { type ReaderWish, readerContainer } from "./reader-pod.ts";
import { saysNotMade } from "./refusals.ts";
import { StreamFailure } from "./websocket/messages.ts";

/** What bringing by a pod needs to know besides. */
interface PodWish {
  api: Endpoint;
  node: string;
  namespace: string;
  image: string;
  /** Seconds after which the node ends the pod by itself. */
  lifetime: number;
}

/**
 * Brings an archive through a pod on its node, and removes the pod whatever happens.
 * @param began told of the pod once it is asked for.
 */
export async function bringByPod(
  wish: PodWish,
  archive: ArchivePath,
  landing: () => Promise<Landing>,
  removeRemote: boolean,
  means: FetchMeans,
  began: (pod: string) => void,
): Promise<Fetched> {
  const { api, node, namespace, image, lifetime } = wish;
  const pod: ReaderWish = {
    name: `cryoscope-fetch-${randomBytes(5).toString("hex")}`,
    namespace,
    node,
    image,
    folder: archive.folder,
    lifetime,
    writable: removeRemote,
  };
  const asking: ApiMeans = { api, clock: means.clock, interrupted: means.signal };
  let result: Fetched;
  let refused = false;
  // Before anything is made on the cluster: a file of that name may be in the way.
  const place = await landing();
  try {
    began(`${namespace}/${pod.name}`);
    await makePod(asking, pod).catch((error: unknown) => {
      refused = saysNotMade(error);
      throw error;
    });
    await waitForPod(asking, pod);
    means.signal.throwIfAborted();
    const at = { namespace, pod: pod.name, container: readerContainer };
    const source = podSource(api, at, archive.name, means);
    result = await bring(source, archive, place, removeRemote, means);
  } catch (error) {
    const cause = await explained(error, asking, pod);
    const left = refused ? undefined : await remove(wish, pod, means);
    await place.abandon();
    throw left === undefined ? cause : new PodLeft(left, cause);
  }
  const left = await remove(wish, pod, means);
  return left === undefined ? result : { ...result, faults: [...result.faults, left] };
}

/** A stream that broke has often a reason that stands in the pod. */
async function explained(error: unknown, asking: ApiMeans, pod: ReaderWish): Promise<unknown> {
  if (!(error instanceof StreamFailure) || asking.interrupted.aborted) return error;
  const state = await lookAt(asking, pod).catch(() => undefined);
  return state?.state === "ended" ? willNotRun(state, pod) : error;
}

/** The user may have gone, so this asks with patience of its own. */
async function remove(
  { api, lifetime }: PodWish,
  pod: ReaderWish,
  { clock }: FetchMeans,
): Promise<RemoteError | undefined> {
  try {
    await removePod({ api, clock, interrupted: new AbortController().signal }, pod);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return new RemoteError({
      code: "pod-left",
      what: `pod ${pod.namespace}/${pod.name}, which read the archive, could not be removed`,
      found: error.detail.found ?? error.detail.what,
      next: `kubectl delete pod -n ${pod.namespace} ${pod.name}; its node ends it by itself ${formatDuration(lifetime * 1000)} after its start`,
    });
  }
}

/** Something that broke, and a pod that stayed. */
export class PodLeft extends Error {
  constructor({ detail: { what, found, next } }: RemoteError, cause: unknown) {
    super(`${what} (${found}): ${next}`, { cause });
  }
}

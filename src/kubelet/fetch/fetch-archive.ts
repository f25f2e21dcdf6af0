import type { Clock } from "../../base/clock.ts";
import { type Fault, RemoteError } from "../../base/errors.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { archivePath } from "./archive-path.ts";
import { bringByCommand } from "./by-command.ts";
import { bringByPath, openHere } from "./by-path.ts";
import { bringByPod } from "./by-pod.ts";
import type { Fetched, FetchMeans, Landing } from "./fetch.ts";
import { notBrought } from "./gave-up.ts";
import { mayBeHere } from "./here.ts";

/** Where an archive was made, and who could bring it. */
export interface FetchFrom {
  /** Name of the node; its address where no API told one. */
  node: string;
  /** Address of its kubelet. */
  address: string | undefined;
  /** The kubelet is known to be this machine's. */
  local: boolean;
  /** The API server, and the namespace of the container; undefined where a kubelet was asked by itself. */
  cluster: { api: Endpoint; namespace: string } | undefined;
}

/** How the caller wants archives to be brought. */
export interface FetchWish {
  /** Opens the place where an archive of that name is to lie. */
  landing: (name: string) => Promise<Landing>;
  /** Words of `--fetch-command`. */
  command: readonly string[] | undefined;
  env: Readonly<Record<string, string | undefined>>;
  image: string;
  /** Of the pod; the container's own where it is undefined. */
  namespace: string | undefined;
  removeRemote: boolean;
  /** Milliseconds for one archive. */
  patience: number;
  clock: Clock;
  interrupted: AbortSignal;
  progress: FetchMeans["progress"];
  /** Told which way is gone. */
  began: (words: string) => void;
}

/** The node ends the pod when we should have been done for a while. */
const grace = 60;

/**
 * Brings an archive that a kubelet has just made: by path where it lies on this machine, else by a
 * pod on its node, or by the caller's own command.
 * @param path as the kubelet told it.
 * @throws {Fault} whatever went wrong; nothing stays here then, and no pod there.
 */
export async function fetchArchive(
  path: string,
  from: FetchFrom,
  wish: FetchWish,
): Promise<Fetched> {
  const { clock, patience, interrupted, progress } = wish;
  const late = new AbortController();
  const cancel = clock.timer(patience, () => late.abort());
  const signal = AbortSignal.any([late.signal, interrupted]);
  try {
    return await choose(path, from, wish, { clock, signal, progress });
  } catch (error) {
    const url = from.cluster?.api.base.origin ?? "";
    throw notBrought({
      error,
      path,
      node: from.node,
      url,
      interrupted,
      late: late.signal,
      patience,
    });
  } finally {
    cancel();
  }
}

async function choose(
  path: string,
  from: FetchFrom,
  wish: FetchWish,
  means: FetchMeans,
): Promise<Fetched> {
  means.signal.throwIfAborted();
  const archive = archivePath(path);
  const landing = (): Promise<Landing> => wish.landing(archive.name);
  if (wish.command !== undefined) {
    wish.began(`by ${wish.command[0]}`);
    return bringByCommand(wish.command, from.node, wish.env, archive, landing, means);
  }
  const file = await here(path, from);
  if (file !== undefined) {
    wish.began("by its path");
    return bringByPath(file, archive, landing, wish.removeRemote, means);
  }
  if (from.cluster === undefined) throw noWay(from);
  const { api, namespace } = from.cluster;
  const pod = {
    api,
    node: from.node,
    namespace: wish.namespace ?? namespace,
    image: wish.image,
    lifetime: Math.ceil(wish.patience / 1000) + grace,
  };
  const began = (name: string): void => wish.began(`by pod ${name}`);
  return bringByPod(pod, archive, landing, wish.removeRemote, means, began);
}

async function here(
  path: string,
  { address, local, cluster }: FetchFrom,
): Promise<Awaited<ReturnType<typeof openHere>>> {
  if (!local && !mayBeHere(address)) return undefined;
  return openHere(path).catch((error: unknown) => {
    // A pod reads what we may not.
    if (cluster !== undefined) return undefined;
    throw error;
  });
}

function noWay({ local, node }: FetchFrom): Fault {
  return new RemoteError({
    code: "no-way-to-fetch",
    what: local
      ? "the kubelet of this machine wrote an archive that does not lie on this machine"
      : `the archive lies on ${node}, and no API server was asked, which could bring it`,
    allowed: "a kubeconfig instead of --kubelet, or --fetch-command",
    next: "--fetch-command 'ssh {node} sudo cat {path}'",
  });
}

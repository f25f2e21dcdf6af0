import { RefusedError } from "../../base/errors.ts";
import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readTasks } from "../../checkpoint/needs/tasks.ts";
import { readEntries } from "../../criu/image.ts";
import { parseImageName } from "../../criu/image-name.ts";

/**
 * Whose network the processes had: one that CRIU saved and makes again (`own`), one that a runtime
 * had made and has to give again (`joined`), or the node's (`host`).
 */
type DumpedNetwork = "own" | "joined" | "host";

/** How the bundle gives processes a network. */
export interface NetworkPlan {
  dumped: DumpedNetwork;
  mode: "none" | "host";
  /** Does restore.sh begin in a network namespace that it makes? */
  unshare: boolean;
  /** Path in config.json; null: no namespace there, undefined: one without a path. */
  path: string | null | undefined;
}

/**
 * Tells by the first process whether its network was also that in which CRIU ran. A namespace of its
 * own has an image, which says whether it was joined; runc leaves that image out where it had made
 * the namespace, and CRIU then makes an empty one.
 */
export async function dumpedNetwork(asked: Asked): Promise<DumpedNetwork> {
  const [first] = await readTasks(asked);
  const network = first?.namespaces.find(({ type }) => type === "net");
  if (network?.host === true) return "host";
  const { images } = asked.checkpoint;
  for (const name of images?.names() ?? []) {
    if (parseImageName(name)?.type !== "NETNS") continue;
    const source = images?.open(name);
    const [entry] = source === undefined ? [] : await readEntries(source, "netns_entry");
    if (entry?.ext_key !== undefined && entry.ext_key !== "") return "joined";
  }
  return "own";
}

/**
 * Plans the network.
 * @throws {RefusedError} where the host's network is asked for and CRIU makes one of its own.
 */
export function planNetwork(dumped: DumpedNetwork, mode: "none" | "host"): NetworkPlan {
  if (mode === "host" && dumped === "own") {
    throw new RefusedError({
      code: "network",
      what: "the dump holds a network namespace of its own, which CRIU makes again",
      found: "--network host",
      allowed: "--network none",
      next: "leave --network out, and join it afterwards: nsenter --net --target PID",
    });
  }
  // The runtime runs in the namespace that the processes shall have, so its own is the one to give.
  const path = dumped === "joined" ? "/proc/self/ns/net" : mode === "host" ? null : undefined;
  return { dumped, mode, unshare: mode === "none" && dumped !== "own", path };
}

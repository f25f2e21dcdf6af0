import { RefusedError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { readEntries } from "../../criu/image.ts";
import { parseImageName } from "../../criu/image-name.ts";

/**
 * Whose network the processes had: one that CRIU saved and makes again (`own`), one that a runtime
 * had made and has to give again (`joined`), or the node's (`host`).
 */
export type DumpedNetwork = "own" | "joined" | "host";

/** How the bundle gives processes a network. */
export interface NetworkPlan {
  dumped: DumpedNetwork;
  mode: "none" | "host";
  /** Does restore.sh begin in a network namespace that it makes? */
  unshare: boolean;
  /** Path in config.json; null: no namespace there, undefined: one without a path. */
  path: string | null | undefined;
}

/** Tells by the images: a namespace that CRIU ran in itself has none. */
export async function dumpedNetwork(checkpoint: Checkpoint): Promise<DumpedNetwork> {
  const { images } = checkpoint;
  let found: DumpedNetwork = "host";
  for (const name of images?.names() ?? []) {
    if (parseImageName(name)?.type !== "NETNS") continue;
    const source = images?.open(name);
    if (source === undefined) continue;
    const [entry] = await readEntries(source, "netns_entry");
    if (entry?.ext_key !== undefined && entry.ext_key !== "") return "joined";
    found = "own";
  }
  return found;
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

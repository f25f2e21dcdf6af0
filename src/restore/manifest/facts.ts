import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { NamedIdentity } from "../../checkpoint/identity.ts";
import { asking } from "../../checkpoint/needs/asked.ts";
import { readSpec, type Spec } from "../../checkpoint/needs/spec.ts";
import type { Mount } from "../../criu/files/mounts.ts";
import { textAt, textsAt } from "../../runtime/documents.ts";
import type { Engine } from "../../runtime/engine.ts";
import type { MountNeed } from "../needs/mounts.ts";
import { type RestoreNeeds, restoreNeeds } from "../needs.ts";

/** A mount that the container needs, with what only a volume has to know. */
export interface AskedMount {
  need: MountNeed;
  /** Mountpoint as `spec.dump` writes it: CRI-O compares texts. */
  destination: string;
  /** What the kernel had mounted there. */
  kernel: Mount | undefined;
  /** Name of the volume by Podman's own list. */
  podmanVolume: string | undefined;
}

/** What a manifest asks of an archive. */
export interface PodFacts {
  needs: RestoreNeeds;
  engine: Engine;
  identity: NamedIdentity;
  spec: Spec | undefined;
  config: JsonObject | undefined;
  /** Annotations of the container: of `spec.dump`, and of `status.dump` where that lacks them. */
  annotations: ReadonlyMap<string, string>;
  mounts: readonly AskedMount[];
  /** Do the images tell whose network the first process was in? */
  tellsNetwork: boolean;
  hasMember(name: string): boolean;
}

export async function readPodFacts(checkpoint: Checkpoint): Promise<PodFacts> {
  const needs = await restoreNeeds(checkpoint);
  const { documents } = checkpoint;
  const spec = await readSpec(asking(checkpoint));
  const config = await documents.object("config.dump");
  const annotations = textsAt(spec?.document, "annotations");
  for (const [name, value] of textsAt(await documents.object("status.dump"), "annotations")) {
    if (!annotations.has(name)) annotations.set(name, value);
  }
  return {
    needs,
    engine: (await checkpoint.runtime()).engine,
    identity: await checkpoint.identity(),
    spec,
    config,
    annotations,
    mounts: await readMounts(checkpoint, needs, spec, config),
    tellsNetwork: await tellsNetwork(checkpoint),
    hasMember: (name) => checkpoint.archive.find(name) !== undefined,
  };
}

async function tellsNetwork(checkpoint: Checkpoint): Promise<boolean> {
  const reader = await checkpoint.processReader();
  const first = (await checkpoint.processes()).find(({ state }) => state !== "zombie");
  if (reader === undefined || first === undefined) return false;
  const { namespaces } = await reader.rights(first);
  return namespaces.some(({ type, host }) => type === "net" && host !== null);
}

async function readMounts(
  checkpoint: Checkpoint,
  needs: RestoreNeeds,
  spec: Spec | undefined,
  config: JsonObject | undefined,
): Promise<AskedMount[]> {
  if (spec === undefined) return [];
  const listed = valueAt(spec.document, "mounts") as readonly unknown[];
  const { mounts } = await checkpoint.files();
  const kernel = new Map(mounts.mounts.map((mount) => [mount.mountpoint, mount]));
  const volumes = podmanVolumes(config);
  // Needs are the mounts of the specification, in its order.
  return needs.mounts.map((need, at) => ({
    need,
    destination: textAt(listed[spec.mounts[at]?.index ?? at], "destination") ?? need.destination,
    kernel: kernel.get(need.destination),
    podmanVolume: volumes.get(need.destination),
  }));
}

function podmanVolumes(config: JsonObject | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const list = valueAt(config, "namedVolumes");
  for (const volume of Array.isArray(list) ? (list as unknown[]) : []) {
    const name = isObject(volume) ? textAt(volume, "volumeName") : undefined;
    const destination = textAt(volume, "dest");
    if (name !== undefined && destination !== undefined) found.set(destination, name);
  }
  return found;
}

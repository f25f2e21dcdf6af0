import { isObject, valueAt } from "../../base/json-object.ts";
import { textAt } from "../../runtime/documents.ts";
import type { Asked, FactPlace } from "./asked.ts";
import { normalPath, readSpec, type SpecMount } from "./spec.ts";

/** Something of the node's file system inside the container. */
export interface HostMount {
  /** Path inside the container. */
  mountpoint: string;
  /** Path on the node. */
  source: string;
  writable: boolean;
  /**
   * `host`: somebody asked for that path of the node. `other-pod`: it belongs to another pod.
   * `volume`: a volume of the pod, or a named one of Podman's. `runtime`: files that every
   * container is given, such as `/etc/hosts`.
   */
  kind: "host" | "other-pod" | "volume" | "runtime";
  place: FactPlace;
}

/** All bind mounts that the runtime was told to make; none where the archive has no spec.dump. */
export function readHostMounts(asked: Asked): Promise<HostMount[]> {
  return asked.once("host mounts", async () => {
    const spec = await readSpec(asked);
    if (spec === undefined) return [];
    const { podUid } = await asked.checkpoint.identity();
    const named = await namedVolumes(asked);
    const readOnly = await mountedReadOnly(asked);
    return spec.mounts.flatMap((mount): HostMount[] => {
      const { source, destination, index } = mount;
      if (!mount.bind || source?.startsWith("/") !== true) return [];
      const path = normalPath(source);
      return [
        {
          mountpoint: destination,
          source: path,
          writable: !(readOnly.get(destination) ?? saysReadOnly(mount)),
          kind: named.has(destination) ? "volume" : kindOf(path, podUid),
          place: { member: "spec.dump", pointer: `/mounts/${index}` },
        },
      ];
    });
  });
}

function saysReadOnly({ options }: SpecMount): boolean {
  return options.includes("ro") || options.includes("rro");
}

/** What the kernel had mounted is truer than what was asked for. */
async function mountedReadOnly(asked: Asked): Promise<Map<string, boolean>> {
  const { mounts } = await asked.checkpoint.files();
  const found = new Map<string, boolean>();
  for (const { mountpoint, flags } of mounts.mounts) {
    found.set(mountpoint, flags.includes("MS_RDONLY"));
  }
  return found;
}

/** Mountpoints of Podman's named volumes. */
async function namedVolumes({ checkpoint }: Asked): Promise<Set<string>> {
  const list = valueAt(await checkpoint.documents.object("config.dump"), "namedVolumes");
  const found = new Set<string>();
  for (const volume of Array.isArray(list) ? (list as unknown[]) : []) {
    const destination = isObject(volume) ? textAt(volume, "dest") : undefined;
    if (destination !== undefined) found.add(normalPath(destination));
  }
  return found;
}

/** A kubelet's folder of a pod, wherever its root directory is. */
const podFolder =
  /\/pods\/([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})\/(volumes|volume-subpaths|plugins|etc-hosts|containers)(?:\/|$)/;

/** Folders in which CRI-O, Podman, containerd and Docker keep what they give every container. */
const runtimeFolder =
  /\/[\w.]+-containers\/[0-9a-f]{64}\/userdata\/|\/io\.containerd\.grpc\.v1\.cri\/(?:sandboxes|containers)\/[0-9a-f]{64}\/|\/docker\/containers\/[0-9a-f]{64}\//;

const volumeFolder = /\/volumes\/[^/]+\/_data$/;

function kindOf(source: string, podUid: string | undefined): HostMount["kind"] {
  const pod = podFolder.exec(source);
  if (pod !== null) {
    const foreign = podUid !== undefined && bare(pod[1] as string) !== bare(podUid);
    return foreign ? "other-pod" : pod[2] === "etc-hosts" ? "runtime" : ownKind(source);
  }
  if (runtimeFolder.test(source)) return "runtime";
  return volumeFolder.test(source) ? "volume" : "host";
}

/** Beside volumes the kubelet gives a file for the message of the end. */
function ownKind(source: string): HostMount["kind"] {
  return /\/pods\/[^/]+\/containers\//.test(source) ? "runtime" : "volume";
}

function bare(uid: string): string {
  return uid.replaceAll("-", "");
}

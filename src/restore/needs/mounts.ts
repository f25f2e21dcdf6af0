import { isObject } from "../../base/json-object.ts";
import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readHostMounts } from "../../checkpoint/needs/host-mounts.ts";
import { readNeededFiles } from "../../checkpoint/needs/needed-files.ts";
import { normalPath, readSpec, type SpecMount } from "../../checkpoint/needs/spec.ts";
import { baseName } from "../../checkpoint/needs/tasks.ts";
import { volumeMember } from "../../checkpoint/needs/volumes.ts";
import { textAt } from "../../runtime/documents.ts";

/**
 * What stands behind a mount. `kernel`: proc, sysfs, cgroup, devpts, mqueue and `/dev`, which every
 * runtime makes. `hosts` to `runtime`: files that it gives every container. Then volumes of a pod by
 * their kind, a path of the node, a named volume of Podman's, `shm` of the pod, a tmpfs. `other`: no
 * bind mount, and none of these.
 */
type MountKind =
  | "kernel"
  | "tmpfs"
  | "shm"
  | "hosts"
  | "resolv-conf"
  | "hostname"
  | "termination-log"
  | "runtime"
  | "service-account"
  | "empty-dir"
  | "config-map"
  | "secret"
  | "projected"
  | "downward-api"
  | "csi"
  | "persistent-volume"
  | "host-path"
  | "podman-volume"
  | "other-pod"
  | "other";

/** A mount that the container had, and so needs again at the same place. */
export interface MountNeed {
  destination: string;
  /** As the specification writes it. */
  type: string | null;
  /** Path on the node of the dump, of a bind mount. */
  source: string | null;
  options: string[];
  readOnly: boolean;
  kind: MountKind;
  /** What lies there; null where nothing tells. */
  shape: "file" | "directory" | null;
  /** Name of the pod's volume, of the persistent volume, or of Podman's. */
  volume: string | null;
  /** Was only a path inside the volume mounted (`subPath`)? Which one, the archive does not say. */
  subPath: boolean;
  /**
   * Whence its content comes: `made` anew by the runtime or the kubelet, `carried` by the archive,
   * `cluster` (an object of the API that has to be there), `outside` (somebody has to bring it).
   */
  content: "made" | "carried" | "cluster" | "outside";
  /** Member that carries it. */
  carriedBy: string | null;
  /** Files on it that processes have open or mapped. */
  filesInUse: string[];
  evidence: string;
}

/** Files of a mount that are named; more are only counted by whoever lists files. */
const namedFiles = 100;

/** All mounts of the specification, in its order; none where the archive has no spec.dump. */
export async function mountNeeds(asked: Asked): Promise<MountNeed[]> {
  const spec = await readSpec(asked);
  if (spec === undefined) return [];
  const host = new Map((await readHostMounts(asked)).map((mount) => [mount.mountpoint, mount]));
  const shapes = await bindShapes(asked);
  const files = await filesByMount(asked);
  return spec.mounts.map((mount): MountNeed => {
    const { destination, type, source, options, bind, index } = mount;
    const bound = host.get(destination);
    const path = bind && source?.startsWith("/") === true ? normalPath(source) : null;
    const volume = path === null ? undefined : volumeOf(path);
    const kind = path === null ? ownKind(mount) : boundKind(destination, path, bound?.kind, volume);
    const carriedBy = carrierOf(asked, kind, path);
    return {
      destination,
      type: type ?? null,
      source: path ?? source ?? null,
      options: [...options],
      readOnly: bound === undefined ? options.includes("ro") : !bound.writable,
      kind,
      shape: shapes.get(destination) ?? usualShape(kind, volume?.subPath === true),
      volume: volume?.name ?? null,
      subPath: volume?.subPath === true,
      content: carriedBy === null ? contentOf(kind) : "carried",
      carriedBy,
      filesInUse: files.get(destination) ?? [],
      evidence: `spec.dump /mounts/${index}`,
    };
  });
}

/** CRI-O notes what each source was: `bind.mounts`. */
async function bindShapes({ checkpoint }: Asked): Promise<Map<string, "file" | "directory">> {
  const list = await checkpoint.documents.json("bind.mounts");
  const shapes = new Map<string, "file" | "directory">();
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    if (!isObject(entry)) continue;
    const destination = textAt(entry, "destination");
    const shape = textAt(entry, "file_type");
    if (destination === undefined || (shape !== "file" && shape !== "directory")) continue;
    shapes.set(normalPath(destination), shape);
  }
  return shapes;
}

async function filesByMount(asked: Asked): Promise<Map<string, string[]>> {
  const byMount = new Map<string, string[]>();
  for (const { mountpoint, path } of await readNeededFiles(asked)) {
    const paths = byMount.get(mountpoint) ?? [];
    if (paths.length < namedFiles && !paths.includes(path)) paths.push(path);
    byMount.set(mountpoint, paths);
  }
  return byMount;
}

interface Volume {
  /** `empty-dir`, `csi`: the part behind `~` of the kubelet's name of the plug-in. */
  plugin: string | undefined;
  name: string;
  subPath: boolean;
}

/** The volume behind a path of a kubelet's or of Podman's; undefined for another path. */
function volumeOf(path: string): Volume | undefined {
  const pod = /\/pods\/[^/]+\/volumes\/[^/~]+~([^/]+)\/([^/]+)/.exec(path);
  if (pod !== null) return { plugin: pod[1], name: pod[2] as string, subPath: false };
  const sub = /\/pods\/[^/]+\/volume-subpaths\/([^/]+)\//.exec(path);
  if (sub !== null) return { plugin: undefined, name: sub[1] as string, subPath: true };
  const podman = /\/volumes\/([^/]+)\/_data$/.exec(path);
  return podman === null
    ? undefined
    : { plugin: "podman", name: podman[1] as string, subPath: false };
}

const plugins: Readonly<Record<string, MountKind>> = {
  "empty-dir": "empty-dir",
  configmap: "config-map",
  secret: "secret",
  projected: "projected",
  "downward-api": "downward-api",
  csi: "csi",
  podman: "podman-volume",
};

/** Files that every container is given, by where they are mounted. */
const given: Readonly<Record<string, MountKind>> = {
  "/etc/hosts": "hosts",
  "/etc/resolv.conf": "resolv-conf",
  "/etc/hostname": "hostname",
  "/dev/termination-log": "termination-log",
};

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

function boundKind(
  destination: string,
  source: string,
  kind: string | undefined,
  volume: Volume | undefined,
): MountKind {
  if (kind === "other-pod") return "other-pod";
  // A volume there may well be called shm.
  if (destination === "/dev/shm" && volume === undefined && baseName(source) === "shm")
    return "shm";
  if (kind === "runtime") {
    const usual = given[destination];
    if (usual !== undefined) return usual;
    return /\/pods\/[^/]+\/containers\//.test(source) ? "termination-log" : "runtime";
  }
  const atServiceAccount =
    destination === serviceAccount || destination === serviceAccount.replace("/var", "");
  if (atServiceAccount && volume !== undefined) return "service-account";
  if (volume !== undefined) return plugins[volume.plugin ?? ""] ?? "persistent-volume";
  return "host-path";
}

const kernelTypes = new Set("proc sysfs cgroup cgroup2 mqueue devpts devtmpfs".split(" "));

function ownKind({ type, destination }: SpecMount): MountKind {
  if (kernelTypes.has(type ?? "") || (type === "tmpfs" && destination === "/dev")) return "kernel";
  if (destination === "/dev/shm") return "shm";
  return type === "tmpfs" ? "tmpfs" : "other";
}

function usualShape(kind: MountKind, isSubPath: boolean): MountNeed["shape"] {
  if (isSubPath) return null;
  switch (kind) {
    case "hosts":
    case "resolv-conf":
    case "hostname":
    case "termination-log":
      return "file";
    case "runtime":
    case "host-path":
    case "other-pod":
    case "other":
      return null;
    default:
      return "directory";
  }
}

function contentOf(kind: MountKind): MountNeed["content"] {
  switch (kind) {
    case "config-map":
    case "secret":
    case "projected":
    case "downward-api":
    case "service-account":
      return "cluster";
    case "empty-dir":
    case "csi":
    case "persistent-volume":
    case "host-path":
    case "podman-volume":
    case "other-pod":
    case "other":
      return "outside";
    case "tmpfs":
      // CRIU saves what a container has mounted itself.
      return "carried";
    default:
      return "made";
  }
}

/** Podman alone saves volumes, each as `volumes/NAME.tar`, and /dev/shm. */
function carrierOf({ checkpoint }: Asked, kind: MountKind, source: string | null): string | null {
  if (kind === "podman-volume") return volumeMember(checkpoint, source ?? "") ?? null;
  const carrier = "devshm-checkpoint.tar";
  return kind === "shm" && checkpoint.archive.find(carrier)?.type === "file" ? carrier : null;
}

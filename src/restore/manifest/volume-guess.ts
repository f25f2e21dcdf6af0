import { normalPath } from "../../checkpoint/needs/spec.ts";
import type { AskedMount } from "./facts.ts";
import { isLabel, isObjectName, objectNameLike } from "./names.ts";
import type { VolumeSource } from "./pod.ts";

/** The volume that a mount probably was. */
export interface VolumeGuess {
  /** Name that it has, or could have, in the pod. */
  name: string;
  /** Mounts of one volume have one key. */
  key: string;
  source: VolumeSource;
  subPath?: string;
  /** What it is, and what has to be in it. */
  what: string;
  /** What somebody has to decide or look up. */
  decide?: string;
}

/** A folder that a kubelet made for a volume of a pod, wherever its root directory is. */
const podVolume = /\/pods\/[^/]+\/volumes\/(?:kubernetes\.io~)?([^/]+)\/([^/]+)(?:\/(.*))?$/;
/** A part of a volume, which the kubelet mounts by itself: volume, container, number. */
const podSubPath = /\/pods\/[^/]+\/volume-subpaths\/([^/]+)\/[^/]+\/\d+$/;

/** Guesses the volume of a mount that somebody asked for. */
export function guessVolume(asked: AskedMount): VolumeGuess {
  const { host, mount, podmanVolume } = asked;
  if (host === undefined) return guessUnbound(asked);
  const path = host.source;
  if (podmanVolume !== undefined) return podman(podmanVolume);
  const sub = podSubPath.exec(path);
  if (sub !== null) return partOfVolume(asked, sub[1] as string);
  const found = podVolume.exec(path);
  if (found !== null) {
    const [, type = "", name = "", rest] = found;
    return ofKubelet(type, name, insideOf(type, rest), asked);
  }
  const named = /\/volumes\/([^/]+)\/_data$/.exec(path);
  if (named !== null) return podman(named[1] as string);
  return hostPath(path, asked, `spec.dump /mounts/${mount.index} binds this path of the node`);
}

/** CSI and local volumes have a folder of their own below that of the volume. */
function insideOf(type: string, rest: string | undefined): string | undefined {
  if (rest === undefined || rest === "") return undefined;
  if (type !== "csi") return rest;
  return rest === "mount" ? undefined : rest.replace(/^mount\//, "");
}

/** The kernel says which folder of its file system is mounted, so also which part of the volume. */
function partOfVolume(asked: AskedMount, name: string): VolumeGuess {
  const root = asked.kernel?.root ?? "";
  const found = podVolume.exec(root);
  if (found !== null && found[2] === name) {
    const [, type = "", , rest] = found;
    return ofKubelet(type, name, insideOf(type, rest), asked);
  }
  // What has a file system of its own begins at its root.
  const own = root !== "" && root !== "/" && !root.includes("/pods/");
  const guess: VolumeGuess = {
    name: volumeName(name),
    key: `volume ${name}`,
    source: { emptyDir: {} },
    what: `part (subPath) of the volume ${name}`,
    decide: `which kind of volume ${name} was, and which subPath of it, is not in the archive`,
  };
  return own ? { ...guess, subPath: root.slice(1) } : guess;
}

function ofKubelet(
  type: string,
  name: string,
  subPath: string | undefined,
  asked: AskedMount,
): VolumeGuess {
  const guess = {
    name: volumeName(name),
    key: `volume ${name}`,
    ...ofType(type, name, asked),
  };
  const foreign = asked.host?.kind === "other-pod" ? otherPod(asked) : {};
  return { ...guess, ...foreign, ...(subPath === undefined ? {} : { subPath }) };
}

function otherPod({ host }: AskedMount): Pick<VolumeGuess, "decide"> {
  return {
    decide: `its folder ${host?.source} belongs to another pod than the container: find out why before you give it anything`,
  };
}

type Typed = Pick<VolumeGuess, "source" | "what" | "decide">;

function ofType(type: string, name: string, asked: AskedMount): Typed {
  const object = isObjectName(name) ? name : objectNameLike(name, "", "unknown");
  const unnamed = (what: string): string =>
    `the archive has the volume's name and not the ${what}'s; ${object} is a guess`;
  switch (type) {
    case "empty-dir":
      return emptyDir(asked);
    case "configmap":
      return {
        source: { configMap: { name: object } },
        what: "a ConfigMap, with the same keys as then",
        decide: unnamed("ConfigMap"),
      };
    case "secret":
      return {
        source: { secret: { secretName: object } },
        what: "a Secret, with the same keys as then",
        decide: unnamed("Secret"),
      };
    case "projected":
      return {
        source: { projected: { sources: [{ configMap: { name: object } }] } },
        what: "a projected volume, with the same files as then",
        decide: "the archive does not say what was projected: put its sources here",
      };
    case "downward-api":
      return {
        source: { downwardAPI: {} },
        what: "the downward API, which begins without files here",
        decide: "the archive does not say which fields: put its items here",
      };
    case "nfs":
      return nfs(name, object, asked);
    default:
      return claim(type, object);
  }
}

function emptyDir({ kernel, files }: AskedMount): Typed {
  // The kubelet mounts a tmpfs of its own for these; everything else is a folder of its disk.
  const medium =
    kernel?.fstype === "hugetlbfs"
      ? "HugePages"
      : kernel?.fstype === "tmpfs" && !kernel.root.includes("/pods/")
        ? "Memory"
        : undefined;
  const typed: Typed = {
    source: { emptyDir: medium === undefined ? {} : { medium } },
    what: "an emptyDir: it begins empty, and the archive does not carry what was in it",
  };
  if (files.length === 0) return typed;
  return { ...typed, decide: "files are open in it: an init container has to put them there" };
}

/** Inline NFS volumes and persistent ones look the same; the mount itself names the server. */
function nfs(name: string, object: string, { kernel }: AskedMount): Typed {
  const server = /^\[?([^/]+?)\]?:(\/.*)$/.exec(kernel?.source ?? "");
  if (server === null) return claim("nfs", object);
  return {
    source: { nfs: { server: server[1] as string, path: server[2] as string } },
    what: `NFS, as the kernel had it mounted; if ${name} is a persistent volume, name its claim instead`,
  };
}

function claim(type: string, volume: string): Typed {
  return {
    source: { persistentVolumeClaim: { claimName: volume } },
    what: `storage (${type}) of the persistent volume ${volume}`,
    decide: `the archive names the volume and not its claim: kubectl get pv ${volume} -o jsonpath='{.spec.claimRef.namespace}/{.spec.claimRef.name}'`,
  };
}

function podman(name: string): VolumeGuess {
  const claimName = isObjectName(name) ? name : objectNameLike(name, "", "volume");
  return {
    name: volumeName(name),
    key: `podman ${name}`,
    source: { persistentVolumeClaim: { claimName } },
    what: `Podman's volume ${name}, whose content is volumes/${name}.tar in the archive`,
    decide: `make a claim ${claimName} and unpack volumes/${name}.tar into it before the restore`,
  };
}

function hostPath(path: string, asked: AskedMount, what: string): VolumeGuess {
  const type =
    asked.fileType === "file" ? "File" : asked.fileType === "directory" ? "Directory" : undefined;
  return {
    name: volumeName(asked.mount.destination),
    key: `host ${path}`,
    source: { hostPath: type === undefined ? { path } : { path, type } },
    what,
    decide:
      asked.host?.kind === "other-pod"
        ? (otherPod(asked).decide as string)
        : `${path} has to exist on the node that restores, with what the container needs of it`,
  };
}

/** File systems that the runtime made by itself: Podman's `--tmpfs`. */
function guessUnbound({ mount, destination }: AskedMount): VolumeGuess {
  const name = volumeName(normalPath(destination));
  const key = `own ${mount.index}`;
  if (mount.type === "tmpfs") {
    const what = "a tmpfs that the runtime made itself; its files are in the images of CRIU";
    return { name, key, source: { emptyDir: { medium: "Memory" } }, what };
  }
  return {
    name,
    key,
    source: { emptyDir: {} },
    what: `a mount of the type ${mount.type ?? "unknown"}, which no volume can be`,
    decide: "an empty folder stands in for it: say whether that will do",
  };
}

function volumeName(text: string): string {
  if (isLabel(text)) return text;
  const label = objectNameLike(text.slice(-200), "", "volume").replaceAll(".", "-").slice(0, 63);
  return isLabel(label) ? label : "volume";
}

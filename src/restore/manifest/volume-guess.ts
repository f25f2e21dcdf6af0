import type { AskedMount } from "./facts.ts";
import { isLabel, isObjectName, labelLike, objectNameLike } from "./names.ts";
import type { VolumeSource } from "./pod.ts";

/** The volume that a mount probably was. */
export interface VolumeGuess {
  /** Name that it had, or could have, in the pod. */
  name: string;
  /** Mounts of one volume have one key. */
  key: string;
  source: VolumeSource;
  subPath?: string;
  /** What it is, and what will be in it. */
  what: string;
  /** What somebody has to decide or look up. */
  decide?: string;
}

/** A folder that a kubelet made for a volume of a pod, wherever its root directory is. */
const podVolume = /\/pods\/[^/]+\/volumes\/(?:kubernetes\.io~)?([^/]+)\/([^/]+)(?:\/(.*))?$/;

/** Guesses the volume of a mount that somebody asked for. */
export function guessVolume(asked: AskedMount): VolumeGuess {
  const { need, podmanVolume } = asked;
  const path = need.source;
  if (path === null || !path.startsWith("/")) return guessUnbound(asked);
  if (podmanVolume !== undefined) return podman(podmanVolume, asked);
  if (need.kind === "podman-volume") return podman(need.volume ?? "volume", asked);
  if (need.subPath) return partOfVolume(asked, need.volume ?? "volume");
  const found = podVolume.exec(path);
  if (found === null) return hostPath(path, asked);
  const [, type = "", name = "", rest] = found;
  return ofKubelet(type, name, insideOf(type, rest), asked);
}

/** CSI volumes have a folder of their own below that of the volume. */
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
  const guess: VolumeGuess = {
    ...named(name),
    source: { emptyDir: {} },
    what: `part (subPath) of the volume ${name}`,
    decide: `which kind of volume ${name} was, and which subPath of it, is not in the archive`,
  };
  // What has a file system of its own begins at that one's root.
  const own = root !== "" && root !== "/" && !root.includes("/pods/");
  return own ? inside(guess, root.slice(1)) : guess;
}

function named(name: string): Pick<VolumeGuess, "name" | "key"> {
  return { name: volumeName(name), key: `volume ${name}` };
}

function ofKubelet(
  type: string,
  name: string,
  subPath: string | undefined,
  asked: AskedMount,
): VolumeGuess {
  const guess = { ...named(name), ...ofType(type, name, asked), ...foreign(asked) };
  return subPath === undefined ? guess : inside(guess, subPath);
}

/** Kubernetes takes no path that goes back up. */
function inside(guess: VolumeGuess, path: string): VolumeGuess {
  if (!path.split("/").includes("..")) return { ...guess, subPath: path };
  return { ...guess, decide: `which part of the volume was mounted cannot be told from ${path}` };
}

function foreign({ need }: AskedMount): Pick<VolumeGuess, "decide"> | undefined {
  if (need.kind !== "other-pod") return undefined;
  return {
    decide: `${need.source} belongs to another pod than the container: find out why before you give it anything`,
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
        what: "the downward API, which makes no files until it has items",
        decide: "the archive does not say which fields: put its items here",
      };
    case "nfs":
      return nfs(name, object, asked);
    default:
      return claim(type, object);
  }
}

function emptyDir({ kernel, need }: AskedMount): Typed {
  const medium = mediumOf(kernel);
  const typed: Typed = {
    source: { emptyDir: medium === undefined ? {} : { medium } },
    what: "an emptyDir: it begins empty, and the archive does not carry what was in it",
  };
  if (need.filesInUse.length === 0) return typed;
  return { ...typed, decide: "files are open in it: an init container has to put them there" };
}

/** The kubelet mounts a file system of its own for these; anything else is a folder of its disk. */
function mediumOf(kernel: AskedMount["kernel"]): "Memory" | "HugePages" | undefined {
  if (kernel === undefined || kernel.root.includes("/pods/")) return undefined;
  if (kernel.fstype === "hugetlbfs") return "HugePages";
  return kernel.fstype === "tmpfs" ? "Memory" : undefined;
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

function podman(name: string, { need }: AskedMount): VolumeGuess {
  const claimName = isObjectName(name) ? name : objectNameLike(name, "", "volume");
  const carried = need.carriedBy;
  return {
    name: volumeName(name),
    key: `podman ${name}`,
    source: { persistentVolumeClaim: { claimName } },
    what: `Podman's volume ${name}, whose content is ${carried === null ? "not in the archive" : `${carried} in the archive`}`,
    decide:
      carried === null
        ? `make a claim ${claimName} with what was in the volume`
        : `make a claim ${claimName} and unpack ${carried} into it before the restore`,
  };
}

function hostPath(path: string, asked: AskedMount): VolumeGuess {
  const { shape, destination } = asked.need;
  const type = shape === "file" ? "File" : shape === "directory" ? "Directory" : undefined;
  return {
    name: volumeName(destination),
    key: `host ${path}`,
    source: { hostPath: type === undefined ? { path } : { path, type } },
    what: "a path of the node",
    decide: `the container is given ${path} of the node that restores: it has to exist there, with what the container needs of it`,
    ...foreign(asked),
  };
}

/** File systems that the runtime made by itself: Podman's `--tmpfs`. */
function guessUnbound({ need }: AskedMount): VolumeGuess {
  const { destination, evidence, type } = need;
  const name = volumeName(destination);
  if (need.kind === "tmpfs") {
    const what = "a tmpfs that the runtime made itself; its files are in the images of CRIU";
    return { name, key: evidence, source: { emptyDir: { medium: "Memory" } }, what };
  }
  return {
    name,
    key: evidence,
    source: { emptyDir: {} },
    what: `a mount of the type ${type ?? "unknown"}, which no volume can be`,
    decide: "an empty folder stands in for it: say whether that will do",
  };
}

function volumeName(text: string): string {
  return isLabel(text) ? text : labelLike(text, "volume");
}

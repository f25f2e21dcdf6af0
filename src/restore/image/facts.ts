import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";
import { type JsonObject, valueAt } from "../../base/json-object.ts";
import { quote } from "../../base/shell.ts";
import { parseTime } from "../../base/time.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { readDumpLogHead } from "../../checkpoint/needs/dump-log.ts";
import { knownArchitectures, platformOf } from "../../checkpoint/needs/platform.ts";
import { readEntries } from "../../criu/image.ts";
import { textAt, textsAt } from "../../runtime/documents.ts";
import type { Engine } from "../../runtime/engine.ts";

/** A value, and where in the archive it stands. */
export interface Sourced {
  value: string;
  source: string;
}

/** What the archive says for the image: its platform, and the values of its annotations. */
export interface ImageFacts {
  engine: Engine;
  /** The container's name. */
  name: Sourced;
  /** As Go and OCI name it: `amd64`, `arm64`. */
  architecture: string;
  /** RFC 3339 time of the dump. */
  created: string | undefined;
  pod: Sourced | undefined;
  podId: Sourced | undefined;
  podUid: Sourced | undefined;
  namespace: Sourced | undefined;
  /** The base image: as the user asked for it, as the runtime calls it, its id, its digest. */
  rawImageName: Sourced | undefined;
  rootfsImageName: Sourced | undefined;
  rootfsImageId: Sourced | undefined;
  rootfsImageDigest: Sourced | undefined;
  runtimeName: Sourced | undefined;
  /** CRIU's own number of its version: 4.2.1 is 40201. */
  criuVersion: Sourced | undefined;
  hostKernel: Sourced | undefined;
  /** `v1` or `v2`. */
  cgroupVersion: Sourced | undefined;
  /** Which runtimes know their own in this archive, and could restore it. */
  restorers: Restorer[];
}

export interface Restorer {
  engine: "cri-o" | "containerd" | "podman";
  restores: boolean;
  /** What it looks for. */
  because: string;
}

/**
 * Gathers what the image says of the checkpoint.
 * @throws {ArchiveError} where the archive holds nothing that a container runtime restores from.
 */
export async function imageFacts(checkpoint: Checkpoint): Promise<ImageFacts> {
  const config = await required(checkpoint, "config.dump");
  const spec = await required(checkpoint, "spec.dump");
  const { engine } = await checkpoint.runtime();
  const identity = await checkpoint.identity();
  const annotations = textsAt(spec, "annotations");
  const annotation = (...keys: string[]): Sourced | undefined => {
    const key = keys.find((each) => (annotations.get(each) ?? "") !== "");
    if (key === undefined) return undefined;
    return { value: annotations.get(key) as string, source: `spec.dump: annotation ${key}` };
  };
  const field = (...keys: string[]): Sourced | undefined => {
    const key = keys.find((each) => textAt(config, each) !== undefined);
    if (key === undefined) return undefined;
    return { value: textAt(config, key) as string, source: `config.dump: ${key}` };
  };
  const known = (value: string | undefined, source: string): Sourced | undefined =>
    value === undefined ? undefined : { value, source };
  const log = await readDumpLogHead(checkpoint);
  const reference = field("rootfsImageRef");
  return {
    engine,
    name: containerName(checkpoint, identity.name),
    architecture: await architecture(checkpoint),
    created:
      identity.checkpointedAt !== undefined && parseTime(identity.checkpointedAt) !== undefined
        ? identity.checkpointedAt
        : undefined,
    pod: known(identity.pod, "the runtime's metadata"),
    podId:
      annotation("io.kubernetes.cri-o.SandboxID", "io.kubernetes.cri.sandbox-id") ?? field("pod"),
    podUid: known(identity.podUid, "the runtime's metadata"),
    namespace: known(identity.namespace, "the runtime's metadata"),
    rawImageName:
      annotation("io.kubernetes.cri-o.UserRequestedImage") ?? field("RawImageName", "rootfsImage"),
    rootfsImageName: field("rootfsImageName"),
    rootfsImageId: field("rootfsImageID") ?? reference,
    rootfsImageDigest:
      digestOf(reference) ?? digestOf(annotation("io.kubernetes.cri-o.ImageRepoDigests")),
    runtimeName: field("runtime"),
    criuVersion: known(log?.criu && versionNumber(log.criu), `${log?.member}: Version`),
    hostKernel: known(log?.kernel, `${log?.member}: Running on`),
    cgroupVersion: await cgroupVersion(checkpoint),
    restorers: restorers(checkpoint, config, annotations),
  };
}

async function required(checkpoint: Checkpoint, name: string): Promise<JsonObject> {
  const { archive, documents } = checkpoint;
  const document = await documents.object(name);
  if (document !== undefined && checkpoint.images !== undefined) return document;
  const missing = checkpoint.images === undefined ? "CRIU images" : name;
  throw new ArchiveError({
    code: "not-restorable",
    what: `no container runtime restores from an image of ${archive.path}: it has no ${missing} that can be read`,
    where: { path: archive.path },
    allowed: "config.dump, spec.dump and checkpoint/, as CRI-O, containerd and Podman write them",
    next: `see what is there: cryoscope images ${quote(archive.path)}`,
  });
}

function containerName({ archive }: Checkpoint, name: string | undefined): Sourced {
  if (name !== undefined) return { value: name, source: "the runtime's metadata" };
  throw new ArchiveError({
    code: "no-name",
    what: "the archive does not say what its container was called, and each runtime asks an image for that name",
    where: { path: archive.path },
    allowed:
      "a name in config.dump, in the annotations of spec.dump, or in the kubelet's file name",
    next: `look what it says: cryoscope inspect ${quote(archive.path)}`,
  });
}

async function architecture(checkpoint: Checkpoint): Promise<string> {
  const processes = await checkpoint.processes();
  const found = processes.find(({ architecture: each }) => each)?.architecture;
  const known = platformOf(found ?? "");
  if (known !== undefined) return known;
  throw new ArchiveError({
    code: "no-architecture",
    what: "the archive does not say for which processor its image would be",
    where: { path: checkpoint.archive.path },
    found: found ?? "no process whose core image can be read",
    allowed: knownArchitectures.join(", "),
    next: `look what is broken: cryoscope inspect ${quote(checkpoint.archive.path)}`,
  });
}

/** `NAME@sha256:…`: the part that names the content. */
function digestOf(sourced: Sourced | undefined): Sourced | undefined {
  const digest = /@(sha256:[0-9a-f]{64})\b/.exec(sourced?.value ?? "")?.[1];
  if (sourced === undefined || digest === undefined) return undefined;
  return { value: digest, source: `${sourced.source}, behind @` };
}

/** As CRIU counts its versions: 4.2.1 is 40201. */
function versionNumber(version: string): string {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return `${major * 10_000 + minor * 100 + patch}`;
}

async function cgroupVersion({ images }: Checkpoint): Promise<Sourced | undefined> {
  const source: ByteSource | undefined = images?.open("cgroup.img");
  if (images === undefined || source === undefined) return undefined;
  try {
    const [entry] = await readEntries(source, "cgroup_entry");
    const hierarchies = entry?.sets.flatMap(({ ctls }) => ctls.map(({ name }) => name)) ?? [];
    if (hierarchies.length === 0) return undefined;
    const unified = hierarchies.every((name) => name === "");
    return { value: unified ? "v2" : "v1", source: images.label("cgroup.img") };
  } catch (error) {
    // It is told as a problem by whoever reads it for its own sake; here it is one value of many.
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

/** Each runtime restores what it finds its own notes in. */
function restorers(
  { archive }: Checkpoint,
  config: JsonObject,
  annotations: ReadonlyMap<string, string>,
): Restorer[] {
  const crio = annotations.has("io.kubernetes.cri-o.Annotations");
  const containerd = archive.find("status.dump")?.type === "file";
  const podman = valueAt(config, "staticDir") !== undefined;
  return [
    {
      engine: "cri-o",
      restores: crio,
      because: "it reads the annotation io.kubernetes.cri-o.Annotations of spec.dump",
    },
    { engine: "containerd", restores: containerd, because: "it reads status.dump (2.1 and later)" },
    { engine: "podman", restores: podman, because: "it reads its own settings in config.dump" },
  ];
}

import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { NamedIdentity } from "../../checkpoint/identity.ts";
import { type Asked, asking } from "../../checkpoint/needs/asked.ts";
import { type Endpoint, isLoopback, parseEndpoint } from "../../checkpoint/needs/endpoints.ts";
import { type HostMount, readHostMounts } from "../../checkpoint/needs/host-mounts.ts";
import { readNeededFiles } from "../../checkpoint/needs/needed-files.ts";
import { readSockets } from "../../checkpoint/needs/sockets.ts";
import { readSpec, type Spec, type SpecMount } from "../../checkpoint/needs/spec.ts";
import type { Mount } from "../../criu/files/mounts.ts";
import { isObject, type JsonObject, textAt, textsAt, valueAt } from "../../runtime/documents.ts";
import type { Engine } from "../../runtime/engine.ts";

/** A mount that `spec.dump` asks for, with all that the archive says of it elsewhere. */
export interface AskedMount {
  mount: SpecMount;
  /** Mountpoint as it stands there: CRI-O compares texts. */
  destination: string;
  /** Of a bind mount: what of the node it shows. */
  host: HostMount | undefined;
  /** What the kernel had mounted there. */
  kernel: Mount | undefined;
  /** From CRI-O's `bind.mounts`. */
  fileType: "file" | "directory" | undefined;
  /** Paths in the container of files that are open or mapped there, and have to be there again. */
  files: readonly string[];
  /** Name of Podman's volume. */
  podmanVolume: string | undefined;
}

/** What a manifest asks of an archive. Absent facts are undefined or empty. */
export interface PodFacts {
  engine: Engine;
  identity: NamedIdentity;
  spec: Spec | undefined;
  config: JsonObject | undefined;
  status: JsonObject | undefined;
  /** Annotations of the container: of `spec.dump`, and of `status.dump` where that lacks them. */
  annotations: ReadonlyMap<string, string>;
  mounts: readonly AskedMount[];
  /** TCP sockets that listen and UDP sockets that wait for anybody, loopback left out. */
  listeners: readonly Endpoint[];
  /** Bytes of memory in the page images. */
  dumpedBytes: number;
  /** CRIU's name of the processor: `X86_64`. */
  architecture: string | undefined;
  /** Name and label of the first process's security: `apparmor`, `selinux`. */
  hasMember(name: string): boolean;
}

export async function readPodFacts(checkpoint: Checkpoint): Promise<PodFacts> {
  const asked = asking(checkpoint);
  const { documents } = checkpoint;
  const spec = await readSpec(asked);
  const status = await documents.object("status.dump");
  const config = await documents.object("config.dump");
  const processes = await checkpoint.processes();
  const annotations = textsAt(spec?.document, "annotations");
  for (const [name, value] of textsAt(status, "annotations")) {
    if (!annotations.has(name)) annotations.set(name, value);
  }
  return {
    engine: (await checkpoint.runtime()).engine,
    identity: await checkpoint.identity(),
    spec,
    config,
    status,
    annotations,
    mounts: await readMounts(asked, spec, config),
    listeners: await readListeners(asked),
    dumpedBytes: (await checkpoint.pageImages()).reduce((sum, { bytes }) => sum + bytes, 0),
    architecture: processes.find(({ architecture }) => architecture)?.architecture,
    hasMember: (name) => checkpoint.archive.find(name) !== undefined,
  };
}

async function readMounts(
  asked: Asked,
  spec: Spec | undefined,
  config: JsonObject | undefined,
): Promise<AskedMount[]> {
  if (spec === undefined) return [];
  const listed = valueAt(spec.document, "mounts") as readonly unknown[];
  const hosts = new Map(
    (await readHostMounts(asked)).map((host) => [host.place.pointer, host] as const),
  );
  const { mounts } = await asked.checkpoint.files();
  const kernel = new Map(mounts.mounts.map((mount) => [mount.mountpoint, mount]));
  const types = await fileTypes(asked);
  const files = new Map<string, string[]>();
  for (const { mountpoint, path } of await readNeededFiles(asked)) {
    const known = files.get(mountpoint);
    if (known === undefined) files.set(mountpoint, [path]);
    else if (!known.includes(path) && known.length < mostFiles) known.push(path);
  }
  const volumes = podmanVolumes(config);
  return spec.mounts.map((mount) => ({
    mount,
    destination: textAt(listed[mount.index], "destination") ?? mount.destination,
    host: hosts.get(`/mounts/${mount.index}`),
    kernel: kernel.get(mount.destination),
    fileType: types.get(mount.destination),
    files: files.get(mount.destination) ?? [],
    podmanVolume: volumes.get(mount.destination),
  }));
}

/** More are not named of one mount. */
const mostFiles = 4;

/** What CRI-O found at the source of each bind mount, which it makes anew where it is missing. */
async function fileTypes({ checkpoint }: Asked): Promise<Map<string, "file" | "directory">> {
  const found = new Map<string, "file" | "directory">();
  const list = checkpoint.documents.files.has("bind.mounts")
    ? await checkpoint.documents.json("bind.mounts")
    : undefined;
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    const destination = textAt(entry, "destination");
    const type = textAt(entry, "file_type");
    if (destination !== undefined && (type === "file" || type === "directory")) {
      found.set(destination, type);
    }
  }
  return found;
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

/** Ports from which the kernel picks one for whoever does not care. */
const firstEphemeral = 32768;

async function readListeners(asked: Asked): Promise<Endpoint[]> {
  const found = new Map<string, Endpoint>();
  for (const { socket } of await readSockets(asked)) {
    const { protocol, state, local, remote } = socket;
    const end = parseEndpoint(socket, local);
    if (end === undefined || end.port === 0 || end.port > 65535 || isLoopback(end)) continue;
    const open = protocol === "udp" && remote === undefined && end.port < firstEphemeral;
    if (state === "listen" || open) found.set(`${protocol}/${end.port}`, end);
  }
  return [...found.values()].sort((a, b) => a.port - b.port || compare(a.protocol, b.protocol));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

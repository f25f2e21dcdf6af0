import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { asking } from "../checkpoint/needs/asked.ts";
import type { Fact } from "../node/facts.ts";
import type { Engine } from "../runtime/engine.ts";
import { type CgroupNeeds, cgroupNeeds } from "./needs/cgroups.ts";
import { type CriuNeeds, criuNeeds } from "./needs/criu.ts";
import { type DeviceNeed, deviceNeeds } from "./needs/devices.ts";
import { fact } from "./needs/evidence.ts";
import { type FileNeed, fileNeeds } from "./needs/files.ts";
import { type BaseImageNeeds, baseImageNeeds } from "./needs/image.ts";
import { type MachineNeeds, machineNeeds } from "./needs/machine.ts";
import { type MemoryNeeds, memoryNeeds } from "./needs/memory.ts";
import { type MountNeed, mountNeeds } from "./needs/mounts.ts";
import { type NamespaceNeed, namespaceNeeds } from "./needs/namespaces.ts";
import { type NetworkNeeds, networkNeeds } from "./needs/network.ts";
import { type ObjectNeeds, objectNeeds } from "./needs/objects.ts";
import { type CriuOptionNeed, criuOptionNeeds } from "./needs/options.ts";
import { type ResourceNeeds, resourceNeeds } from "./needs/resources.ts";
import { type SecurityNeeds, securityNeeds } from "./needs/security.ts";

/**
 * Everything that an archive asks of the place where it comes back: facts of the archive alone, each
 * with where it was read. Texts are the archive's, neither sanitised nor masked.
 */
export interface RestoreNeeds {
  /** Path of the archive as the caller named it. */
  path: string;
  engine: Fact<Engine>;
  /** `runc`, `crun`, or containerd's shim: `io.containerd.runc.v2`. */
  ociRuntime: Fact<string>;
  container: {
    id: Fact<string>;
    name: Fact<string>;
    pod: Fact<string>;
    namespace: Fact<string>;
    podUid: Fact<string>;
  };
  /** RFC 3339. */
  checkpointedAt: Fact<string>;
  /** Has it the CRI's status of the container, which containerd 2.1 and later write and read? */
  statusDump: boolean;
  image: BaseImageNeeds;
  machine: MachineNeeds;
  memory: MemoryNeeds;
  criu: CriuNeeds;
  /** Options that CRIU has to be given. */
  options: CriuOptionNeed[];
  cgroups: CgroupNeeds;
  resources: ResourceNeeds;
  security: SecurityNeeds;
  namespaces: NamespaceNeed[];
  mounts: MountNeed[];
  devices: DeviceNeed[];
  files: FileNeed[];
  network: NetworkNeeds;
  objects: ObjectNeeds;
}

/**
 * Reads what an archive asks of the place where it comes back. No page image is read. What is broken
 * becomes a problem of the checkpoint, and what it would have said is unknown, with the reason.
 */
export async function restoreNeeds(checkpoint: Checkpoint): Promise<RestoreNeeds> {
  const asked = asking(checkpoint);
  const { engine, evidence } = await checkpoint.runtime();
  const identity = await checkpoint.identity();
  const cgroups = await cgroupNeeds(asked);
  const network = await networkNeeds(asked);
  const objects = await objectNeeds(asked);
  const metadata = (value: string | undefined): Fact<string> =>
    fact(value, "config.dump, spec.dump or the file name", "the archive does not say");
  return {
    path: checkpoint.archive.path,
    engine: fact(
      engine === "unknown" ? undefined : engine,
      evidence.join("; "),
      "nothing names who made the archive",
    ),
    ociRuntime: fact(identity.ociRuntime, "config.dump /runtime", "config.dump names none"),
    container: {
      id: metadata(identity.id),
      name: metadata(identity.name),
      pod: metadata(identity.pod),
      namespace: metadata(identity.namespace),
      podUid: metadata(identity.podUid),
    },
    checkpointedAt: fact(
      identity.checkpointedAt,
      "config.dump /checkpointedTime, else the time of inventory.img",
      "the archive does not say",
    ),
    statusDump: checkpoint.archive.find("status.dump")?.type === "file",
    image: await baseImageNeeds(asked),
    machine: await machineNeeds(asked),
    memory: await memoryNeeds(asked),
    criu: await criuNeeds(asked),
    options: criuOptionNeeds(network, objects),
    cgroups,
    resources: await resourceNeeds(asked, cgroups),
    security: await securityNeeds(asked),
    namespaces: await namespaceNeeds(asked),
    mounts: await mountNeeds(asked),
    devices: await deviceNeeds(asked),
    files: await fileNeeds(asked),
    network,
    objects,
  };
}

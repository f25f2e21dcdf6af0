import type { Asked } from "../../checkpoint/needs/asked.ts";
import { outsideSlaves, unsupportedMounts } from "../../checkpoint/needs/criu-mounts.ts";
import {
  ghostBytes,
  ioUrings,
  outsideTerminals,
  pathlessWatches,
} from "../../checkpoint/needs/open-files.ts";
import { readRootfs } from "../../checkpoint/needs/rootfs.ts";
import { readSpec } from "../../checkpoint/needs/spec.ts";
import { absolutePath, readTasks } from "../../checkpoint/needs/tasks.ts";
import type { FileModel } from "../../criu/files/file-model.ts";
import type { OpenFile } from "../../criu/files/open-file.ts";
import { evidenceOf, imageLabel } from "./evidence.ts";

/** What the kernel kept for processes, beside memory, files with a path and sockets. */
export interface ObjectNeeds {
  /** Rings of io_uring, which CRIU cannot make. */
  ioUrings: Found[];
  /** Programs that ran from a memfd, which CRIU cannot start again. */
  memfdPrograms: Found[];
  locks: Found[];
  /** Terminals whose master is outside. */
  terminals: Found[];
  /** Was the container started with a terminal? */
  terminal: boolean;
  /** Watches on files that are known by inode alone. */
  watches: Found[];
  /** Deleted files that CRIU saved whole. */
  ghosts: (Found & { bytes: number })[];
  /** Hard links that CRIU made beside deleted files: they have to be in the root file system. */
  linkRemaps: (Found & { carried: boolean })[];
  /** Mounts of its own that CRIU cannot make, and those that hang on a mount of the node. */
  unsupportedMounts: Found[];
  outsideSlaves: Found[];
}

interface Found {
  /** For people: a path, a name. */
  name: string;
  evidence: string;
}

export async function objectNeeds(asked: Asked): Promise<ObjectNeeds> {
  const model = await asked.checkpoint.files();
  const mount = ({ mountpoint, namespaceId, fstype }: (typeof model.mounts.mounts)[number]) => ({
    name: `${mountpoint} (${fstype})`,
    evidence: imageLabel(asked.checkpoint, `mountpoints-${namespaceId}.img`),
  });
  return {
    ioUrings: ioUrings(model).map(found),
    memfdPrograms: await memfdPrograms(asked, model),
    locks: model.locks.map(({ kind, pid, fd, place }) => ({
      name: `${kind} lock of descriptor ${fd} of pid ${pid}`,
      evidence: evidenceOf(place),
    })),
    terminals: outsideTerminals(model).map(found),
    terminal: (await readSpec(asked))?.terminal === true,
    watches: model.files.filter((file) => pathlessWatches(file).length > 0).map(found),
    ghosts: ghosts(model),
    linkRemaps: await linkRemaps(asked, model),
    unsupportedMounts: unsupportedMounts(model).map(mount),
    outsideSlaves: outsideSlaves(model).map(mount),
  };
}

function found(file: OpenFile): Found {
  return { name: file.path ?? file.name, evidence: evidenceOf(file.place) };
}

/** Many open files may be one deleted file. */
function ghosts({ files }: FileModel): ObjectNeeds["ghosts"] {
  const byId = new Map<number, ObjectNeeds["ghosts"][number]>();
  for (const file of files) {
    if (file.deleted?.how !== "ghost" || byId.has(file.deleted.id)) continue;
    byId.set(file.deleted.id, { ...found(file), bytes: ghostBytes(file) });
  }
  return [...byId.values()];
}

async function linkRemaps(asked: Asked, { files }: FileModel): Promise<ObjectNeeds["linkRemaps"]> {
  const rootfs = await readRootfs(asked);
  return files.flatMap((file) => {
    if (file.deleted?.how !== "link" || file.deleted.path === undefined) return [];
    const name = absolutePath(file.deleted.path);
    return [{ name, evidence: evidenceOf(file.place), carried: rootfs.find(name) !== undefined }];
  });
}

async function memfdPrograms(asked: Asked, model: FileModel): Promise<Found[]> {
  return (await readTasks(asked)).flatMap(({ process: { pid, layout }, executable, name }) => {
    const id = layout?.entry.exe_file_id;
    if (id === undefined || executable !== null || model.find("memfd", id) === undefined) return [];
    return [{ name, evidence: imageLabel(asked.checkpoint, `mm-${pid}.img`) }];
  });
}

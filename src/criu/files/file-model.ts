import { ArchiveError } from "../../base/errors.ts";
import type { ReadContext } from "../entries.ts";
import type { ImageFolder } from "../image-folder.ts";
import { readInventory } from "../inventory.ts";
import { readDeleted } from "./deleted.ts";
import {
  type DescriptorTable,
  type ProcessIds,
  readDescriptorTables,
  readProcessIds,
} from "./descriptors.ts";
import { readStandardDescriptors } from "./externals.ts";
import type { FileKind, FileTable } from "./file-table.ts";
import { type FileLock, readLocks } from "./locks.ts";
import { readMemfds } from "./memfds.ts";
import { type MountTable, readMounts } from "./mounts.ts";
import type { OpenFile } from "./open-file.ts";
import { OpenFiles } from "./open-files.ts";
import { readQueues } from "./queues.ts";
import type { Socket } from "./socket.ts";
import { readSockets } from "./sockets.ts";
import { readTerminals } from "./terminals.ts";
import { readUses } from "./uses.ts";

/** All that a dump says of files: descriptor tables, open files, sockets, mounts and locks. */
export interface FileModel {
  tables: DescriptorTable[];
  /** In the order of the images. */
  files: OpenFile[];
  sockets: Socket[];
  mounts: MountTable;
  locks: FileLock[];
  processIds: Map<number, ProcessIds>;
  /** What the runtime noted of descriptors 0, 1, 2 of the first process: `pipe:[50722]`. */
  standardDescriptors: string[];
  /** Finds the file that a descriptor names. */
  find(kind: FileKind, id: number): OpenFile | undefined;
}

/**
 * Reads the file model.
 * @param pids of processes that have files: not zombies
 * @param table of open files
 */
export async function readFileModel(
  context: ReadContext,
  pids: readonly number[],
  table: FileTable,
): Promise<FileModel> {
  const mounts = await readMounts(context);
  const queues = await readQueues(context);
  const processIds = await readProcessIds(context, pids);
  const model = new OpenFiles(context, {
    table,
    mounts,
    queues,
    sockets: await readSockets(context, table, queues),
    deleted: await readDeleted(context, table),
    memfds: await readMemfds(context),
    terminals: await readTerminals(context),
  });
  const tables = await readDescriptorTables(context, processIds);
  model.hold(tables);
  model.use(await readUses(context, pids));
  model.sent();
  const standardDescriptors = await readStandardDescriptors(context);
  model.external(standardDescriptors);
  await requireMounts(context, processIds);
  return {
    tables,
    files: model.files,
    sockets: model.sockets,
    mounts,
    locks: await readLocks(context),
    processIds,
    standardDescriptors,
    find: (kind, id) => model.find(kind, id),
  };
}

/** A mount namespace of its own has an image; the one that CRIU itself ran in has none. */
async function requireMounts(
  { folder, problems }: ReadContext,
  processIds: ReadonlyMap<number, ProcessIds>,
): Promise<void> {
  const outer = await rootMountNamespace(folder);
  if (outer === undefined) return;
  const needed = new Set([...processIds.values()].map((ids) => ids.mountNamespaceId));
  for (const id of needed) {
    const image = `mountpoints-${id}.img`;
    if (id === undefined || id === 0 || id === outer || folder.open(image) !== undefined) continue;
    const message = `there is no ${image}, so the mounts of a namespace are not known`;
    const where = { member: folder.label(image) };
    problems.add({ severity: "error", code: "missing-image", message, where });
  }
}

async function rootMountNamespace(folder: ImageFolder): Promise<number | undefined> {
  try {
    return (await readInventory(folder))?.entry.root_ids?.mnt_ns_id;
  } catch (error) {
    // A broken inventory is told where it is read for itself.
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

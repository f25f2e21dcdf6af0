import { readDeleted } from "./deleted.ts";
import {
  type DescriptorTable,
  type ProcessIds,
  readDescriptorTables,
  readProcessIds,
} from "./descriptors.ts";
import type { ReadContext } from "./entries.ts";
import { readStandardDescriptors } from "./externals.ts";
import { type FileKind, readFileTable } from "./file-table.ts";
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
  /** Finds the file that a descriptor names. */
  find(kind: FileKind, id: number): OpenFile | undefined;
}

/**
 * Reads the file model.
 * @param pids of processes that have files: not zombies
 */
export async function readFileModel(
  context: ReadContext,
  pids: readonly number[],
): Promise<FileModel> {
  const table = await readFileTable(context);
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
  model.external(await readStandardDescriptors(context));
  return {
    tables,
    files: model.files,
    sockets: model.sockets,
    mounts,
    locks: await readLocks(context),
    processIds,
    find: (kind, id) => model.find(kind, id),
  };
}

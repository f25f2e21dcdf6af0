import { apiVersion, type Document } from "../base/document.ts";
import type { Problem } from "../base/problem.ts";
import type { FileKind } from "../criu/files/file-table.ts";
import type { FileLock } from "../criu/files/locks.ts";
import type { Holder } from "../criu/files/open-file.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { architectureOf, type FileItem, fileItem } from "./file-item.ts";
import { findProcess } from "./process-list.ts";
import { QueueReader } from "./queue-document.ts";

/** A descriptor table. Processes that share one are named together. */
export interface TableDocument {
  id: number;
  pids: number[];
  descriptors: {
    fd: number;
    closeOnExec: boolean;
    /** Kind and number of the open file in `items`. */
    kind: FileKind;
    fileId: number;
    selinux: string | null;
  }[];
}

export interface LockDocument {
  kind: FileLock["kind"];
  access: FileLock["access"];
  breaking: boolean;
  pid: number;
  fd: number;
  /** First byte, and how many; 0 is up to the end. Null where the image says nonsense. */
  start: number | null;
  length: number | null;
  /** The file behind the descriptor, where there is one. */
  fileId: number | null;
  name: string | null;
}

/** Everything that `files` says of one archive: also its JSON. Absent facts are null. */
export interface FileList extends Document<"FileList"> {
  path: string;
  tables: TableDocument[];
  items: FileItem[];
  locks: LockDocument[];
  /** What the runtime noted of descriptors 0, 1, 2 of the first process. */
  standardDescriptors: string[];
  problems: Problem[];
}

export interface FileListOptions {
  /** Only what this process has. */
  pid?: number;
  /** Show what waits in queues. */
  reveal?: boolean;
}

/** Lists descriptor tables and open files, those without a descriptor too. */
export async function listFiles(
  checkpoint: Checkpoint,
  options: FileListOptions = {},
): Promise<FileList> {
  const { pid } = options;
  if (pid !== undefined) await findProcess(checkpoint, pid);
  const model = await checkpoint.files();
  const architecture = await architectureOf(checkpoint);
  const reader = new QueueReader(checkpoint, options.reveal === true);
  const tables = model.tables.filter(({ pids }) => pid === undefined || pids.includes(pid));
  const tableIds = new Set(tables.map(({ id }) => id));
  const items: FileItem[] = [];
  for (const file of model.files) {
    if (pid !== undefined && !isHeldBy(file, tableIds, pid)) continue;
    items.push(await fileItem(checkpoint, file, architecture, reader, pid));
  }
  const locks = model.locks.filter((lock) => pid === undefined || lock.pid === pid);
  return {
    apiVersion,
    kind: "FileList",
    path: checkpoint.archive.path,
    tables: tables.map(({ id, pids, descriptors }) => ({
      id,
      pids,
      descriptors: descriptors.map(({ fd, closeOnExec, kind, fileId, selinux }) => ({
        fd,
        closeOnExec,
        kind,
        fileId,
        selinux: selinux ?? null,
      })),
    })),
    items,
    locks: await describeLocks(checkpoint, locks),
    standardDescriptors: model.standardDescriptors,
    problems: checkpoint.problems,
  };
}

/** Does one of these tables, or the process itself, have the file? */
export function isHeldBy(
  file: { holders: readonly Holder[]; uses: readonly { pid: number }[] },
  tableIds: ReadonlySet<number>,
  pid: number,
): boolean {
  return (
    file.holders.some(({ tableId }) => tableIds.has(tableId)) ||
    file.uses.some((use) => use.pid === pid)
  );
}

async function describeLocks(
  checkpoint: Checkpoint,
  locks: readonly FileLock[],
): Promise<LockDocument[]> {
  const { tables, processIds, find } = await checkpoint.files();
  const byTable = new Map(
    tables.map(({ id, descriptors }) => [id, new Map(descriptors.map((it) => [it.fd, it]))]),
  );
  return locks.map(({ kind, access, breaking, pid, fd, start, length }) => {
    const descriptor = byTable.get(processIds.get(pid)?.filesId ?? -1)?.get(fd);
    const file = descriptor && find(descriptor.kind, descriptor.fileId);
    return {
      kind,
      access,
      breaking,
      pid,
      fd,
      start: start ?? null,
      length: length ?? null,
      fileId: file?.id ?? null,
      name: file?.name ?? null,
    };
  });
}

import { ArchiveError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { architectureOf, type FileItem, fileItem } from "../../checkpoint/file-item.ts";
import { type FileList, listFiles, type TableDocument } from "../../checkpoint/file-list.ts";
import { QueueReader } from "../../checkpoint/queue-document.ts";
import type { FileKind } from "../../criu/files/file-table.ts";
import type { OpenFile } from "../../criu/files/open-file.ts";
import { fileNote } from "../../report/file-note.ts";
import type { FileRow } from "../state/rows.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";
import { queueFacts } from "./queue-facts.ts";

export const answerFiles: Handler<"files"> = async ({ path, pid }, services, call) => {
  const checkpoint = await services.checkpoints.get(path);
  const list = await listFiles(checkpoint, pid === null ? {} : { pid });
  return inParts(fileRows(list, pid), list.problems, call);
};

/** Each process's program and folders before its descriptors; what nobody holds comes last. */
function fileRows(list: FileList, pid: number | null): FileRow[] {
  const key = (kind: string, id: number): string => `${kind} ${id}`;
  const files = new Map(list.items.map((file) => [key(file.kind, file.id), file]));
  const uses = usesByPid(list.items);
  const rows: FileRow[] = [];
  for (const table of list.tables) {
    for (const user of table.pids) {
      rows.push(...(uses.get(user) ?? []));
      uses.delete(user);
    }
    for (const it of table.descriptors) {
      rows.push(descriptorRow(table, pid, it, files.get(key(it.kind, it.fileId))));
    }
  }
  for (const rest of uses.values()) rows.push(...rest);
  for (const file of list.items) {
    if (file.holders.length > 0 || file.uses.length > 0) continue;
    rows.push({ ...fileRow(file), id: `queued ${file.kind} ${file.id}`, pid: null, fd: "–" });
  }
  return rows;
}

function descriptorRow(
  { id, pids }: TableDocument,
  pid: number | null,
  { fd, kind, fileId, closeOnExec }: TableDocument["descriptors"][number],
  file: FileItem | undefined,
): FileRow {
  const base = file === undefined ? missing(kind, fileId) : fileRow(file);
  return {
    ...base,
    id: `${id} ${fd}`,
    pid: pid ?? pids[0] ?? null,
    sharing: Math.max(0, pids.length - 1),
    fd,
    closeOnExec,
  };
}

const useOrder = ["exe", "cwd", "root"];

/** What processes have open without a descriptor. Mapped files are in the list of mappings. */
function usesByPid(items: readonly FileItem[]): Map<number, FileRow[]> {
  const uses = new Map<number, FileRow[]>();
  for (const file of items) {
    for (const { pid, as } of file.uses) {
      if (!useOrder.includes(as)) continue;
      const rows = uses.get(pid) ?? [];
      uses.set(pid, rows);
      rows.push({ ...fileRow(file), id: `${pid} ${as}`, pid, fd: as, access: "" });
    }
  }
  for (const rows of uses.values()) {
    rows.sort((a, b) => useOrder.indexOf(`${a.fd}`) - useOrder.indexOf(`${b.fd}`));
  }
  return uses;
}

function fileRow(file: FileItem): FileRow {
  const { deleted, mount } = file;
  return {
    ...nothingKnown,
    kind: file.kind,
    fileId: file.id,
    access: file.access ?? "",
    mode: file.mode ?? "",
    type: file.type ?? "",
    sizeBytes: file.sizeBytes,
    position: file.position,
    waitingBytes: file.queues.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    name: file.name,
    note: fileNote(file),
    deleted: deleted !== null,
    ghostId: ghostOf(file),
    flags: file.flags.join(","),
    mount: mount === null ? "" : `${mount.fstype} ${mount.mountpoint}`,
  };
}

/** Only files have content that can be saved: folders, links and devices have none. */
function ghostOf({ deleted, type }: FileItem): number | null {
  if (deleted?.how !== "ghost" || deleted.member === null) return null;
  return type === null || type === "file" ? deleted.ghostId : null;
}

function missing(kind: string, fileId: number): FileRow {
  return { ...nothingKnown, kind, name: `? no file ${fileId}` };
}

/** A file of which nothing is known, held by nobody yet. */
const nothingKnown: Omit<FileRow, "kind" | "name"> = {
  id: "",
  pid: null,
  sharing: 0,
  fd: "",
  closeOnExec: false,
  fileId: null,
  access: "",
  mode: "",
  type: "",
  sizeBytes: null,
  position: null,
  waitingBytes: 0,
  note: "",
  deleted: false,
  ghostId: null,
  flags: "",
  mount: "",
};

export const answerFile: Handler<"file"> = async ({ path, kind, id, reveal }, { checkpoints }) => {
  const checkpoint = await checkpoints.get(path);
  const file = await findFile(checkpoint, kind, id);
  const architecture = await architectureOf(checkpoint);
  const item = await fileItem(checkpoint, file, architecture, new QueueReader(checkpoint, reveal));
  const { queues, ...rest } = item;
  return { file: rest, queues: queueFacts(queues) };
};

/** @throws ArchiveError when the archive holds no such open file. */
async function findFile(checkpoint: Checkpoint, kind: string, id: number): Promise<OpenFile> {
  const file = (await checkpoint.files()).find(kind as FileKind, id);
  if (file !== undefined) return file;
  const where = { path: checkpoint.archive.path };
  throw new ArchiveError({ what: `there is no open file ${id} of the kind ${kind}`, where });
}

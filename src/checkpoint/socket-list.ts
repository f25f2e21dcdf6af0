import { apiVersion, type Document } from "../base/document.ts";
import { ArchiveError } from "../base/errors.ts";
import type { Problem } from "../base/problem.ts";
import { formatMode } from "../base/units.ts";
import type { FileModel } from "../criu/files/file-model.ts";
import { openFlags } from "../criu/files/flags.ts";
import type { Holder } from "../criu/files/open-file.ts";
import type { Socket, SocketOption } from "../criu/files/socket.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { architectureOf } from "./file-item.ts";
import { type FileListOptions, isHeldBy } from "./file-list.ts";
import { findProcess } from "./process-list.ts";
import { type QueueDocument, QueueReader } from "./queue-document.ts";

/** One socket. Absent facts are null. */
export interface SocketItem {
  kind: Socket["kind"];
  fileId: number;
  family: string;
  type: string;
  protocol: string | null;
  state: string;
  inode: number | null;
  local: string | null;
  remote: string | null;
  /** The socket at the other end, where it is in the dump too. */
  peerFileId: number | null;
  peerInode: number | null;
  /** The first descriptor that names it. */
  peerHolder: Holder | null;
  external: boolean;
  backlog: number | null;
  shutdown: string | null;
  flags: string[];
  options: Record<string, SocketOption>;
  networkNamespaceId: number | null;
  mountId: number | null;
  mode: string | null;
  deleted: boolean;
  receivedBytes: number;
  unsentBytes: number;
  holders: Holder[];
  queues: QueueDocument[];
}

/** Everything that `sockets` says of one archive: also its JSON. */
export interface SocketList extends Document<"SocketList"> {
  path: string;
  items: SocketItem[];
  problems: Problem[];
}

/** Lists all sockets, those too that wait in a queue and that no descriptor names. */
export async function listSockets(
  checkpoint: Checkpoint,
  options: FileListOptions = {},
): Promise<SocketList> {
  const { pid } = options;
  if (pid !== undefined) await findProcess(checkpoint, pid);
  const model = await checkpoint.files();
  const architecture = await architectureOf(checkpoint);
  const reader = new QueueReader(checkpoint, options.reveal === true);
  const own = model.tables.filter(({ pids }) => pid === undefined || pids.includes(pid));
  const tableIds = new Set(own.map(({ id }) => id));
  const items: SocketItem[] = [];
  for (const socket of model.sockets) {
    const file = model.find(socket.kind, socket.fileId);
    const holders = file?.holders ?? [];
    if (pid !== undefined && !isHeldBy({ holders, uses: file?.uses ?? [] }, tableIds, pid)) {
      continue;
    }
    items.push(await item(model, socket, architecture, reader));
  }
  return {
    apiVersion,
    kind: "SocketList",
    path: checkpoint.archive.path,
    items,
    problems: checkpoint.problems,
  };
}

/**
 * Describes one socket.
 * @param kind and `fileId` of its open file
 * @throws ArchiveError when there is no such socket.
 */
export async function describeSocket(
  checkpoint: Checkpoint,
  { kind, fileId }: { kind: string; fileId: number },
  { reveal }: Pick<FileListOptions, "reveal"> = {},
): Promise<SocketItem> {
  const model = await checkpoint.files();
  const socket = model.sockets.find((it) => it.kind === kind && it.fileId === fileId);
  if (socket === undefined) {
    throw new ArchiveError({
      what: `there is no socket ${fileId} of the kind ${kind}`,
      where: { path: checkpoint.archive.path },
    });
  }
  const reader = new QueueReader(checkpoint, reveal === true);
  return item(model, socket, await architectureOf(checkpoint), reader);
}

async function item(
  model: FileModel,
  socket: Socket,
  architecture: string | undefined,
  reader: QueueReader,
): Promise<SocketItem> {
  const { peerFileId } = socket;
  const peer = peerFileId === undefined ? undefined : model.find(socket.kind, peerFileId);
  const waiting = (name: string): number =>
    socket.queues.reduce((sum, queue) => sum + (queue.name === name ? queue.sizeBytes : 0), 0);
  return {
    kind: socket.kind,
    fileId: socket.fileId,
    family: socket.family,
    type: socket.type,
    protocol: socket.protocol ?? null,
    state: socket.state,
    inode: socket.inode ?? null,
    local: socket.local ?? null,
    remote: socket.remote ?? null,
    peerFileId: socket.peerFileId ?? null,
    peerInode: socket.peerInode ?? null,
    peerHolder: peer?.holders[0] ?? null,
    external: socket.external,
    backlog: socket.backlog ?? null,
    shutdown: socket.shutdown ?? null,
    flags: openFlags(socket.flags, architecture),
    options: socket.options,
    networkNamespaceId: socket.networkNamespaceId ?? null,
    mountId: socket.mountId ?? null,
    mode: socket.mode === undefined ? null : formatMode(socket.mode),
    deleted: socket.deleted,
    receivedBytes: waiting("received"),
    unsentBytes: waiting("unsent"),
    holders: model.find(socket.kind, socket.fileId)?.holders ?? [],
    queues: await reader.documents(socket.queues),
  };
}

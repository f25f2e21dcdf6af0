import { apiVersion, type Document } from "../base/document.ts";
import type { Problem } from "../base/problem.ts";
import { formatMode } from "../base/units.ts";
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
    const peer =
      socket.peerFileId === undefined ? undefined : model.find(socket.kind, socket.peerFileId);
    const described = await item(socket, holders, architecture, reader);
    items.push({ ...described, peerHolder: peer?.holders[0] ?? null });
  }
  return {
    apiVersion,
    kind: "SocketList",
    path: checkpoint.archive.path,
    items,
    problems: checkpoint.problems,
  };
}

async function item(
  socket: Socket,
  holders: Holder[],
  architecture: string | undefined,
  reader: QueueReader,
): Promise<Omit<SocketItem, "peerHolder">> {
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
    holders,
    queues: await reader.documents(socket.queues),
  };
}

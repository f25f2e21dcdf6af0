import type { ReadContext } from "../entries.ts";
import type { FileEntry, FileTable } from "./file-table.ts";
import { inetSocket } from "./inet-socket.ts";
import { type Interfaces, readInterfaces } from "./interfaces.ts";
import { netlinkSocket } from "./kernel-sockets.ts";
import { packetSocket } from "./packet-socket.ts";
import type { Queues } from "./queues.ts";
import type { Socket } from "./socket.ts";
import { unixSocket } from "./unix-socket.ts";

/** Reads all sockets with their queues, and joins those that talk to each other. */
export async function readSockets(
  context: ReadContext,
  table: FileTable,
  queues: Queues,
): Promise<Socket[]> {
  const sockets: Socket[] = [];
  let interfaces: Interfaces | undefined;
  for (const file of table.values()) {
    // Packet sockets are rare, and nothing else needs them.
    if (file.entry.psk !== undefined) interfaces ??= await readInterfaces(context);
    const socket = await describe(context, file, interfaces);
    if (socket === undefined) continue;
    const queue = queues.sockets.get(socket.fileId)?.queue;
    if (queue !== undefined) socket.queues.push(queue);
    sockets.push(socket);
  }
  const known = new Set(sockets.map(({ fileId }) => fileId));
  for (const [id, { place }] of queues.sockets) {
    if (known.has(id)) continue;
    const message = `packets wait for socket ${id}, which is not among the open files`;
    context.problems.add({ severity: "error", code: "queue", message, where: place });
  }
  joinUnix(sockets);
  joinInet(sockets);
  return sockets;
}

async function describe(
  context: ReadContext,
  { entry, place }: FileEntry,
  interfaces: Interfaces | undefined,
): Promise<Socket | undefined> {
  if (entry.isk !== undefined) return inetSocket(context, entry.isk, place);
  if (entry.usk !== undefined) return unixSocket(entry.usk);
  if (entry.nlsk !== undefined) return netlinkSocket(entry.nlsk);
  if (entry.psk !== undefined && interfaces !== undefined) {
    return packetSocket(entry.psk, interfaces);
  }
  return undefined;
}

function joinUnix(sockets: readonly Socket[]): void {
  const byInode = new Map<number, Socket>();
  for (const socket of sockets) {
    if (socket.kind === "unix-socket" && socket.inode !== undefined && !byInode.has(socket.inode)) {
      byInode.set(socket.inode, socket);
    }
  }
  for (const socket of sockets) {
    if (socket.peerInode === undefined) continue;
    const peer = byInode.get(socket.peerInode);
    // What is connected to nothing in the dump talks to somebody outside.
    if (peer === undefined) socket.external = true;
    else {
      socket.peerFileId = peer.fileId;
      socket.remote = peer.local;
    }
  }
}

/** Both ends of a connection inside the container are in the dump: their addresses are crossed. */
function joinInet(sockets: readonly Socket[]): void {
  const key = (socket: Socket, from: string, to: string): string =>
    [socket.networkNamespaceId, socket.protocol, from, to].join(" ");
  const ends = new Map<string, Socket>();
  for (const socket of sockets) {
    const { kind, local, remote } = socket;
    if (kind !== "inet-socket" || local === undefined || remote === undefined) continue;
    ends.set(key(socket, local, remote), socket);
  }
  for (const socket of ends.values()) {
    const peer = ends.get(key(socket, socket.remote as string, socket.local as string));
    if (peer !== undefined && peer !== socket) socket.peerFileId = peer.fileId;
  }
}

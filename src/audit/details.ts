import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { ContentKind } from "../checkpoint/content.ts";
import { sizesByKind } from "../checkpoint/inspection.ts";
import { type ProcessRow, processRow } from "../checkpoint/process-list.ts";
import type { FileModel } from "../criu/files/file-model.ts";
import type { Socket } from "../criu/files/socket.ts";
import type { Mapping } from "../criu/memory/mapping.ts";
import type { ProcessMemory } from "../criu/memory/process-memory.ts";

/** What pages of a process can be for, in the order in which they are drawn. */
const memoryKinds = ["heap", "stack", "anonymous", "executable", "file", "other"] as const;

/**
 * `anonymous`: mapped without a file. `executable`: the same, and it may be run. `file`: pages of a
 * file or memfd that the process changed. `other`: vdso, rings.
 */
export type MemoryKind = (typeof memoryKinds)[number];

/** Bytes of one process's own pages in the dump, by what they are for. */
export interface MemoryShare {
  pid: number;
  comm: string | null;
  bytes: Record<MemoryKind, number>;
}

/** One end of a connection, or a place where connections are taken. */
export interface Endpoint {
  /** `tcp`, `udp6`. */
  protocol: string;
  state: string;
  local: string | null;
  remote: string | null;
  /** Who has it, lowest pid first; null where only a queue does. */
  pid: number | null;
  comm: string | null;
}

/** The first few of a list that an archive may make as long as it likes. */
export interface Some<T> {
  items: T[];
  /** How many there are beyond them. */
  more: number;
}

/** What a page for hand-over draws of one checkpoint: small, and a structured clone of itself. */
export interface ArchiveDetails {
  ociRuntime: string | null;
  evidence: string[];
  podUid: string | null;
  imageRef: string | null;
  createdAt: string | null;
  architecture: string | null;
  /** Time that the processes stood still, in microseconds. */
  frozenFor: number | null;
  members: number;
  /** Bytes of the archive by what they are for. */
  sizes: Record<ContentKind, number>;
  processes: Some<ProcessRow>;
  memory: Some<MemoryShare>;
  /** Bytes of pages that processes share, held once. */
  sharedBytes: number;
  listeners: Some<Endpoint>;
  connections: Some<Endpoint>;
}

/** Rows of each list: a page that somebody reads and prints. */
const most = 500;

/**
 * Gathers what a page for hand-over draws. Reads no page images beyond command lines.
 * @param reveal show secrets in command lines
 */
export async function gatherDetails(
  checkpoint: Checkpoint,
  { reveal }: { reveal: boolean },
): Promise<ArchiveDetails> {
  const runtime = await checkpoint.runtime();
  const identity = await checkpoint.identity();
  const processes = await checkpoint.processes();
  const statistics = await checkpoint.statistics();
  return {
    ociRuntime: identity.ociRuntime ?? null,
    evidence: runtime.evidence,
    podUid: identity.podUid ?? null,
    imageRef: identity.imageRef ?? null,
    createdAt: identity.createdAt ?? null,
    architecture: processes.find(({ architecture }) => architecture)?.architecture ?? null,
    frozenFor: statistics?.frozenTime ?? null,
    members: checkpoint.archive.members.length,
    sizes: sizesByKind(checkpoint),
    processes: await someProcesses(checkpoint, reveal),
    ...(await memoryShares(checkpoint)),
    ...(await endpoints(checkpoint)),
  };
}

async function someProcesses(checkpoint: Checkpoint, reveal: boolean): Promise<Some<ProcessRow>> {
  const processes = await checkpoint.processes();
  const pageSize = await checkpoint.pageSize();
  const items: ProcessRow[] = [];
  for (const process of processes.slice(0, most)) {
    items.push(await processRow(checkpoint, process, pageSize, { reveal }));
  }
  return { items, more: processes.length - items.length };
}

async function memoryShares(
  checkpoint: Checkpoint,
): Promise<Pick<ArchiveDetails, "memory" | "sharedBytes">> {
  const { processes, shared } = await checkpoint.memory();
  const comms = new Map((await checkpoint.processes()).map(({ pid, comm }) => [pid, comm]));
  const items: MemoryShare[] = [];
  for (const process of processes.values()) {
    if (items.length === most) break;
    const { pid } = process;
    items.push({ pid, comm: comms.get(pid) ?? null, bytes: shareOf(process) });
  }
  const pageSize = await checkpoint.pageSize();
  let sharedBytes = 0;
  for (const { map } of shared.values()) sharedBytes += map.presentPages * pageSize;
  return { memory: { items, more: processes.size - items.length }, sharedBytes };
}

/** Sums the pages that are the process's alone; those it shares are kept, and counted, elsewhere. */
function shareOf(process: ProcessMemory): MemoryShare["bytes"] {
  const bytes = { heap: 0, stack: 0, anonymous: 0, executable: 0, file: 0, other: 0 };
  for (const mapping of process.mappings) {
    if (mapping.backing === "shared") continue;
    const kind = kindOf(mapping);
    for (const { origin, length, store } of process.segments(mapping.start, mapping.end)) {
      if (origin === "dumped" && store === process.own) bytes[kind] += length;
    }
  }
  return bytes;
}

function kindOf({ backing, name, permissions }: Mapping): MemoryKind {
  if (backing === "file") return "file";
  if (name === "[heap]") return "heap";
  if (name === "[stack]") return "stack";
  if (backing !== "private" || name !== "") return "other";
  return permissions[2] === "x" ? "executable" : "anonymous";
}

async function endpoints(
  checkpoint: Checkpoint,
): Promise<Pick<ArchiveDetails, "listeners" | "connections">> {
  const model = await checkpoint.files();
  const comms = new Map((await checkpoint.processes()).map(({ pid, comm }) => [pid, comm]));
  const inet = model.sockets.filter(({ family }) => family === "inet" || family === "inet6");
  const some = (sockets: readonly Socket[]): Some<Endpoint> => ({
    items: sockets.slice(0, most).map((socket) => endpoint(model, socket, comms)),
    more: Math.max(0, sockets.length - most),
  });
  return {
    listeners: some(inet.filter(isOpen)),
    connections: some(inet.filter((socket) => !isOpen(socket) && socket.remote !== undefined)),
  };
}

/** Anybody may send to it: a listener, or a socket without connections that is bound. */
function isOpen({ state, remote, local }: Socket): boolean {
  return state === "listen" || (remote === undefined && local !== undefined);
}

function endpoint(
  model: FileModel,
  socket: Socket,
  comms: ReadonlyMap<number, string | undefined>,
): Endpoint {
  const { family, kind, fileId, type, state, local, remote } = socket;
  const holder = model.find(kind, fileId)?.holders[0];
  return {
    protocol: `${socket.protocol ?? type}${family === "inet6" ? "6" : ""}`,
    state,
    local: local ?? null,
    remote: remote ?? null,
    pid: holder?.pid ?? null,
    comm: holder === undefined ? null : (comms.get(holder.pid) ?? null),
  };
}

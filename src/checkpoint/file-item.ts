import { formatTime } from "../base/time.ts";
import { formatMode } from "../base/units.ts";
import type { Deleted } from "../criu/files/deleted.ts";
import type { FileKind } from "../criu/files/file-table.ts";
import { accessOf, openFlags } from "../criu/files/flags.ts";
import type { FileDetails, Holder, OpenFile } from "../criu/files/open-file.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { QueueDocument, QueueReader } from "./queue-document.ts";

/** A file whose name was gone, and what CRIU kept of it. */
type DeletedDocument =
  | {
      how: "ghost";
      ghostId: number;
      /** Member that holds the content; null where it is missing or cannot be read. */
      member: string | null;
      sizeBytes: number | null;
      /** Bytes of it that are stored: the rest is holes. */
      storedBytes: number | null;
      complete: boolean;
      mode: string | null;
      uid: number | null;
      gid: number | null;
      modifiedAt: string | null;
      linkTarget: string | null;
    }
  | { how: "link"; path: string | null; fileId: number }
  | { how: "process"; pid: number };

/** One open file. Absent facts are null; what only some kinds have is absent in others. */
export interface FileItem {
  kind: FileKind;
  id: number;
  name: string;
  path: string | null;
  mount: { id: number; mountpoint: string; fstype: string; source: string } | null;
  type: string | null;
  mode: string | null;
  access: "r" | "w" | "rw" | null;
  flags: string[];
  position: number | null;
  sizeBytes: number | null;
  external: boolean;
  deleted: DeletedDocument | null;
  owner: { pid: number; signal: number } | null;
  holders: Holder[];
  uses: { pid: number; as: string }[];
  queues: QueueDocument[];
  pipe?: { pipeId: number; readers: number[]; writers: number[] };
  socket?: SocketFacts;
  eventfd?: FileDetails["eventfd"];
  epoll?: Nulled<NonNullable<FileDetails["epoll"]>>;
  timer?: FileDetails["timer"];
  signals?: string[];
  watches?: Nulled<NonNullable<FileDetails["watches"]>>;
  pidfd?: FileDetails["pidfd"];
  memfd?: Omit<NonNullable<FileDetails["memfd"]>, "sizeBytes" | "mode">;
  terminal?: Nulled<NonNullable<FileDetails["terminal"]>>;
  tun?: Nulled<NonNullable<FileDetails["tun"]>>;
  namespace?: FileDetails["namespace"];
  bpfMap?: FileDetails["bpfMap"];
}

interface SocketFacts {
  family: string;
  type: string;
  protocol: string | null;
  state: string;
  local: string | null;
  remote: string | null;
  inode: number | null;
  deleted: boolean;
}

/** The same with null for what is undefined, as JSON wants it. */
type Nulled<T> = T extends readonly (infer Item)[]
  ? Nulled<Item>[]
  : T extends object
    ? { [Key in keyof T]: Nulled<T[Key]> }
    : T extends undefined
      ? null
      : T;

function nulled<T>(value: T): Nulled<T>;
function nulled(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => nulled(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nulled(item)]));
}

/** The architecture that numbers of flags are to be read for. */
export async function architectureOf(checkpoint: Checkpoint): Promise<string | undefined> {
  return (await checkpoint.processes()).find(({ architecture }) => architecture)?.architecture;
}

/** Ends of a pipe that are named; a hostile one has a million, which name each other. */
const mostEnds = 16;

export async function fileItem(
  checkpoint: Checkpoint,
  file: OpenFile,
  architecture: string | undefined,
  queues: QueueReader,
  pid?: number,
): Promise<FileItem> {
  const { mount, flags } = file;
  return {
    kind: file.kind,
    id: file.id,
    name: file.name,
    path: file.path ?? null,
    mount:
      mount === undefined
        ? null
        : {
            id: mount.id,
            mountpoint: mount.mountpoint,
            fstype: mount.fstype,
            source: mount.source,
          },
    type: file.fileType ?? null,
    mode: file.mode === undefined ? null : formatMode(file.mode),
    access: flags === undefined ? null : accessOf(flags),
    flags: flags === undefined ? [] : openFlags(flags, architecture),
    position: file.position ?? null,
    sizeBytes: file.sizeBytes ?? null,
    external: file.external,
    deleted: file.deleted === undefined ? null : deletedDocument(checkpoint, file.deleted),
    owner: file.owner ?? null,
    holders: file.holders,
    uses: file.uses.filter((use) => pid === undefined || use.pid === pid),
    queues: await queues.documents(file.queues),
    ...details(file.details),
  };
}

function deletedDocument(checkpoint: Checkpoint, deleted: Deleted): DeletedDocument {
  if (deleted.how === "link") return { ...deleted, path: deleted.path ?? null };
  if (deleted.how === "process") return deleted;
  const { id: ghostId, ghost } = deleted;
  const image = ghost && (checkpoint.images?.label(ghost.image) ?? ghost.image);
  const time = ghost?.modifiedAt;
  return {
    how: "ghost",
    ghostId,
    member: image ?? null,
    sizeBytes: ghost?.sizeBytes ?? null,
    storedBytes: ghost?.chunks.reduce((sum, { length }) => sum + length, 0) ?? null,
    complete: ghost?.complete === true,
    mode: ghost === undefined ? null : formatMode(ghost.mode),
    uid: ghost?.uid ?? null,
    gid: ghost?.gid ?? null,
    modifiedAt: time === undefined ? null : formatTime(time),
    linkTarget: ghost?.linkTarget ?? null,
  };
}

function details(from: FileDetails): Partial<FileItem> {
  const item: Partial<FileItem> = {};
  const { pipe, socket, eventfd, epoll, timer, signals, watches } = from;
  if (pipe !== undefined) {
    item.pipe = {
      pipeId: pipe.pipeId,
      readers: pipe.readers.slice(0, mostEnds),
      writers: pipe.writers.slice(0, mostEnds),
    };
  }
  if (socket !== undefined) {
    const { family, type, protocol, state, local, remote, inode, deleted } = socket;
    item.socket = nulled({ family, type, protocol, state, local, remote, inode, deleted });
  }
  if (eventfd !== undefined) item.eventfd = eventfd;
  if (epoll !== undefined) item.epoll = nulled(epoll);
  if (timer !== undefined) item.timer = timer;
  if (signals !== undefined) item.signals = signals;
  if (watches !== undefined) item.watches = nulled(watches);
  return { ...item, ...rareDetails(from) };
}

function rareDetails(from: FileDetails): Partial<FileItem> {
  const item: Partial<FileItem> = {};
  const { pidfd, memfd, terminal, tun, namespace, bpfMap } = from;
  if (pidfd !== undefined) item.pidfd = pidfd;
  if (memfd !== undefined) {
    // Size and mode stand where all files have theirs.
    const { sizeBytes: _size, mode: _mode, ...own } = memfd;
    item.memfd = own;
  }
  if (terminal !== undefined) item.terminal = nulled(terminal);
  if (tun !== undefined) item.tun = nulled(tun);
  if (namespace !== undefined) item.namespace = namespace;
  if (bpfMap !== undefined) item.bpfMap = bpfMap;
  return item;
}

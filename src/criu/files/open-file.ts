import type { Place } from "../../base/errors.ts";
import type { Deleted } from "./deleted.ts";
import type { FileKind } from "./file-table.ts";
import type { Memfd } from "./memfds.ts";
import type { Mount } from "./mounts.ts";
import type { Queue } from "./queues.ts";
import type { Socket } from "./socket.ts";
import type { Terminal } from "./terminals.ts";

/** An open file of the dump with all that is known of it. Sizes and offsets in bytes. */
export interface OpenFile {
  kind: FileKind;
  /** CRIU's number of it, unique within the kind. */
  id: number;
  /** For people: a path inside the container, `pipe:[7]`, `tcp 127.0.0.1:80`, `memfd:name`. */
  name: string;
  path: string | undefined;
  mountId: number | undefined;
  mount: Mount | undefined;
  /** `file`, `directory`, `character-device` …, where its mode says so. */
  fileType: string | undefined;
  mode: number | undefined;
  /** Flags of `open(2)` as a number; undefined for kinds that have none. */
  flags: number | undefined;
  position: number | undefined;
  sizeBytes: number | undefined;
  deleted: Deleted | undefined;
  /** Leads out of the container: the runtime gives another on restore. */
  external: boolean;
  /** Process that is told of input by a signal (`F_SETOWN`), and the signal; 0 means SIGIO. */
  owner: { pid: number; signal: number } | undefined;
  holders: Holder[];
  uses: { pid: number; as: string }[];
  queues: Queue[];
  details: FileDetails;
  place: Place;
}

/** A descriptor that names the file. */
export interface Holder {
  tableId: number;
  /** The first process that has the table. */
  pid: number;
  fd: number;
}

/** What only files of one kind have. */
export interface FileDetails {
  pipe?: {
    pipeId: number;
    /** Numbers of the files that are open for reading, and for writing. */
    readers: number[];
    writers: number[];
  };
  socket?: Socket;
  eventfd?: { count: bigint };
  epoll?: { targets: EpollTarget[] };
  timer?: {
    clock: string;
    /** Seconds until it fires next, and from then on; 0 where it does not. */
    remainingSeconds: number;
    intervalSeconds: number;
    /** Times it fired that nobody has read yet. */
    expirations: bigint;
  };
  signals?: string[];
  watches?: Watch[];
  pidfd?: { pid: number };
  memfd?: Memfd;
  terminal?: Terminal;
  tun?: { device: string | undefined; detached: boolean; namespaceId: number | undefined };
  namespace?: { type: string; id: number };
  bpfMap?: {
    mapId: number;
    type: string;
    name: string;
    keyBytes: number;
    valueBytes: number;
    maxEntries: number;
    frozen: boolean;
  };
}

interface EpollTarget {
  fd: number;
  events: string[];
  data: bigint;
  /** The file behind the descriptor in the table of the first holder. */
  kind: FileKind | undefined;
  fileId: number | undefined;
}

/** What an inotify or fanotify file watches. */
export interface Watch {
  /** Watch descriptor of inotify. */
  wd: number | undefined;
  events: string[];
  ignored: string[];
  path: string | undefined;
  inode: bigint | undefined;
  /** `major:minor`. */
  device: string;
  /** Of a whole mount. */
  mountId: number | undefined;
}

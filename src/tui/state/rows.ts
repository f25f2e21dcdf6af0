import type { FileItem } from "../../checkpoint/file-item.ts";
import type { SocketItem } from "../../checkpoint/socket-list.ts";

/** A variable of an environment. Secrets are masked unless they were asked for. */
export interface VariableRow {
  name: string;
  /** Null where the entry has no `=`. */
  value: string | null;
  /** Characters of a value that is hidden whole; null where it is shown. */
  hidden: number | null;
}

/** A descriptor with its open file, or what else a process has open: as little as a list shows. */
export interface FileRow {
  /** Descriptor table, or process, and place in it: unique. */
  id: string;
  /** The first process that has it; null where nobody has: it waits in a socket's queue. */
  pid: number | null;
  /** Further processes that share the table. */
  sharing: number;
  /** Number of the descriptor; `exe`, `cwd`, `root` for what is open without one. */
  fd: number | string;
  closeOnExec: boolean;
  kind: string;
  /** Number of the open file; null where there is no such file. */
  fileId: number | null;
  access: string;
  mode: string;
  type: string;
  sizeBytes: number | null;
  position: number | null;
  /** Bytes that wait in its queues. */
  waitingBytes: number;
  name: string;
  note: string;
  deleted: boolean;
  /** Number of the deleted file whose content is in the archive. */
  ghostId: number | null;
  flags: string;
  mount: string;
}

/** A socket, as little of it as a list shows. */
export type SocketRow = Omit<SocketItem, "queues" | "options" | "flags" | "holders"> & {
  /** The first descriptors that name it, and how many there are. */
  holders: SocketItem["holders"];
  holderCount: number;
};

/** Bytes that wait to be read: their sizes, and where secrets are shown how they begin. */
export interface QueueFacts {
  name: string;
  member: string;
  sizeBytes: number;
  capacityBytes: number | null;
  /** The first packets. */
  chunks: { sizeBytes: number; rights: number[]; text: string | null; cut: boolean }[];
  /** Packets in all. */
  chunkCount: number;
}

export interface FileFacts {
  file: Omit<FileItem, "queues">;
  queues: QueueFacts[];
}

export interface SocketFacts {
  socket: Omit<SocketItem, "queues">;
  queues: QueueFacts[];
}

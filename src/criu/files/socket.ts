import type { FileKind } from "./file-table.ts";
import type { Queue } from "./queues.ts";

/** A socket of a dump. Words are those that `ss` uses, in lower case. */
export interface Socket {
  /** Number of its open file, unique within the kind. */
  fileId: number;
  kind: Extract<FileKind, `${string}-socket`>;
  family: "inet" | "inet6" | "unix" | "netlink" | "packet" | `family-${number}`;
  type: string;
  protocol: string | undefined;
  state: string;
  inode: number | undefined;
  /** Its own address: `127.0.0.1:80`, `[::1]:80`, `/run/a.sock`, `@abstract`, `route:4242`. */
  local: string | undefined;
  remote: string | undefined;
  /** Inode of the unix socket at the other end. */
  peerInode: number | undefined;
  /** Number of the open file at the other end, where that is in the dump. */
  peerFileId: number | undefined;
  /** Bound to something outside the dump, or talks to it. */
  external: boolean;
  /** Connections that may wait to be accepted; undefined where it does not listen. */
  backlog: number | undefined;
  shutdown: "read" | "write" | "both" | undefined;
  /** Flags of the descriptor, as `open(2)` names them. */
  flags: number;
  /** Options that are set, by the name of `setsockopt(2)` in lower case. Sizes in bytes. */
  options: Record<string, SocketOption>;
  networkNamespaceId: number | undefined;
  /** Of a unix socket with a path. */
  mountId: number | undefined;
  mode: number | undefined;
  deleted: boolean;
  queues: Queue[];
}

export type SocketOption = number | boolean | string;

const types: Record<number, string> = {
  1: "stream",
  2: "dgram",
  3: "raw",
  4: "rdm",
  5: "seqpacket",
  6: "dccp",
  10: "packet",
};

export function socketType(type: number): string {
  return types[type] ?? `type ${type}`;
}

// The kernel keeps every family's state in the numbers of TCP.
const states: Record<number, string> = {
  1: "established",
  2: "syn-sent",
  3: "syn-recv",
  4: "fin-wait-1",
  5: "fin-wait-2",
  6: "time-wait",
  7: "closed",
  8: "close-wait",
  9: "last-ack",
  10: "listen",
  11: "closing",
  12: "new-syn-recv",
};

/** @param connects false for families and types whose sockets have no connection to close */
export function socketState(state: number, connects: boolean): string {
  // A netlink socket that nobody bound yet has state 0.
  if ((state === 7 || state === 0) && !connects) return "unconnected";
  return states[state] ?? `state ${state}`;
}

const shutdowns: Record<number, Socket["shutdown"]> = { 1: "read", 2: "write", 3: "both" };

export function shutdownOf(shutdown: number | undefined): Socket["shutdown"] {
  return shutdowns[shutdown ?? 0];
}

/**
 * What is known of a path: its value, that it is not there, or why it cannot be told. `path` is
 * the path as it was asked for, without the root that it was looked up below.
 */
export type Found<T> =
  | { state: "found"; path: string; value: T }
  | { state: "absent"; path: string }
  | { state: "unreadable"; path: string; why: string };

export type EntryKind = "file" | "directory" | "link" | "socket" | "fifo" | "device" | "unknown";

export interface HostStat {
  kind: EntryKind;
  /** Permission bits, without the type. */
  mode: number;
  uid: number;
  gid: number;
  bytes: number;
  /** Milliseconds since 1970. */
  modifiedAt: number;
}

export interface HostEntry {
  name: string;
  kind: EntryKind;
}

/** What a file system has room for, in bytes. */
export interface HostSpace {
  totalBytes: number;
  /** For programs of root; the kubelet is one. */
  freeBytes: number;
}

export interface HostRun {
  code: number | null;
  /** Standard output and standard error, one after the other. */
  text: string;
}

/**
 * The one door to a machine. Everything that this room knows of a host came through it, so a
 * folder can stand for a machine. Paths are absolute as on that machine; links are followed
 * inside its root and never out of it.
 */
export interface Host {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** Is this the machine that we run on, so that programs can be asked? */
  readonly live: boolean;
  /** Bytes of a regular file that has no more than `limit` of them. */
  read(path: string, limit?: number): Found<Uint8Array>;
  /** Text of a regular file; one with a zero byte is none. */
  text(path: string, limit?: number): Found<string>;
  /** The entries of a folder, sorted by name in the order of their bytes. */
  list(path: string): Found<HostEntry[]>;
  /** Of the file behind links. */
  stat(path: string): Found<HostStat>;
  /** Where a link points to, as it is written; absent where the path is no link. */
  link(path: string): Found<string>;
  space(path: string): Found<HostSpace>;
  /** Runs a program of the host that only root can change, or says why it does not. */
  run(program: string, args: readonly string[]): Promise<Found<HostRun>>;
}

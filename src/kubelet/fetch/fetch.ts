import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/errors.ts";

/** Where an archive comes to lie. It has a partial name until it is settled. */
export interface Landing {
  /** Is there room for so many bytes? @throws {RefusedError} where there is not. */
  expect: (bytes: number) => Promise<void>;
  /** @throws {RefusedError} where the disk is full. */
  write: (bytes: Uint8Array) => Promise<void>;
  /** Gives it its name, over nothing that is there; its path. */
  settle: () => Promise<string>;
  /** Removes what has come. */
  abandon: () => Promise<void>;
}

export type FetchWay = "path" | "pod" | "command";

/** An archive that lies here now. */
export interface Fetched {
  /** Here. */
  path: string;
  /** On the node. */
  from: string;
  way: FetchWay;
  sizeBytes: number;
  sha256: string;
  /** Was the hash compared with one that was made on the node? */
  compared: boolean;
  /** Was it removed from the node? */
  removed: boolean;
  /** What went wrong around it: a pod or an archive that could not be removed. */
  faults: readonly Fault[];
}

/** One archive, as somebody holds it who can read it. */
export interface Source {
  way: FetchWay;
  /** Bytes; undefined where nobody can tell before. */
  size: () => Promise<number | undefined>;
  /** Hands over all of it, in order. */
  copy: (output: (bytes: Uint8Array) => Promise<void>) => Promise<void>;
  /** SHA-256 of it where it lies, in hexadecimal; undefined where nobody there can tell. */
  digest: () => Promise<string | undefined>;
  /** Removes it where it lies. */
  remove: () => Promise<void>;
}

export interface FetchMeans {
  clock: Clock;
  /** Aborted by the user, or when the time is up. */
  signal: AbortSignal;
  /** Told of bytes that came, of so many. */
  progress: (read: number, total: number | undefined) => void;
}

import type { Target } from "../../kubelet/asked.ts";
import type { PodContainer } from "../../kubelet/cluster/pod.ts";
import type { Caller } from "../../kubelet/preview/caller.ts";
import type { PreviewItem } from "../../kubelet/preview/item.ts";
import type { Route } from "../../kubelet/route.ts";
import type { Answer } from "../../node/verdicts/row.ts";
import type { Failure } from "./questions.ts";

export interface ContextNames {
  /** With the namespace that each names, else `default`. */
  contexts: { name: string; namespace: string }[];
  current: string | null;
}

export interface PodChoice {
  name: string;
  node: string | null;
  containers: readonly PodContainer[];
}

/** A checkpoint as somebody typed it. */
export interface WantedCheckpoint {
  context: string;
  namespace: string;
  pod: string;
  /** Empty where the pod has one only. */
  container: string;
  /** Seconds or a duration; empty leaves it to the runtime. */
  timeout: string;
}

/** What `checkpoint --dry-run` says of it. */
export interface Checks {
  item: PreviewItem;
  /** Null where the cluster does not tell. */
  caller: Caller | null;
}

/** A call that was sent. */
export interface CallBegun {
  target: Target;
  node: string | null;
  kubeletVersion: string | null;
  /** Where it goes, the first way first. */
  urls: { route: Route; url: string }[];
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Milliseconds that are waited for an answer. */
  deadline: number;
  /** Why the first way failed, and where the call went then. */
  turned: { why: string; to: string } | null;
}

export type CheckpointCall =
  /** The API server is asked where the container is. */
  | { state: "finding" }
  | ({ state: "asked" } & CallBegun)
  | ({ state: "made"; endedAt: number; route: Route } & CallBegun & {
        /** Archives on the node. */
        paths: readonly string[];
        /** The first of them, where this machine is the node and it can be read. */
        here: string | null;
      });

/** A node, as little of it as a list shows. */
export interface NodeRow {
  name: string;
  /** Is it the machine that this runs on, by its own account? */
  here: boolean;
  /** Status of its Ready condition. */
  ready: string | null;
  kubelet: string | null;
  runtime: string | null;
  gate: Answer;
  checkpoint: Answer;
  restore: Answer;
  /** Ids of the needs that keep it from a checkpoint, or leave that open. */
  because: readonly string[];
  /** Milliseconds since its lease was renewed, when this was read. */
  leaseAge: number | null;
  kernel: string | null;
  address: string | null;
}

export interface NodesPart {
  /** The context that was asked; null where none could be. */
  context: string | null;
  rows: NodeRow[];
  /** Why the cluster was not asked, or not to its end. */
  failure: Failure | null;
  /** Milliseconds since 1970. */
  readAt: number;
}

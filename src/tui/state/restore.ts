import type { RestorePlan } from "../../restore/plan/plan.ts";
import type { PlanRow, RestoreRuntime } from "../../restore/plan/row.ts";

/** The place that a plan is made against. */
export type RestoreTarget =
  /** Requirements alone. */
  | { kind: "none" }
  | { kind: "host" }
  | { kind: "node"; context: string | null; name: string }
  /** A saved `node -o json`; where it holds several nodes, their name stands behind the path. */
  | { kind: "file"; text: string };

/** A row of a plan, with a name of its own: rows of many things of one kind share their id. */
export interface NeedRow extends PlanRow {
  key: string;
}

/** A plan as it is listed, the gravest rows first. */
export interface ListedPlan extends Omit<RestorePlan, "rows"> {
  rows: NeedRow[];
}

/** Something that a runtime restores from, and where it is to be written, as it was typed. */
export type RestoreWrite =
  | { what: "image"; to: string }
  | { what: "manifest"; to: string; node: string | null; runtime: RestoreRuntime | null }
  | { what: "bundle"; to: string; rootfs: string };

/** What a write would do; nothing was written. */
export interface RestorePreview {
  write: RestoreWrite;
  /** Absolute path of what will be made. */
  place: string;
  /** Bytes that leave the archive; of a manifest, those that will be written. */
  bytes: number;
  /** More to know before it is agreed to. */
  notes: string[];
}

export interface RestoreMade {
  what: RestoreWrite["what"];
  place: string;
  bytes: number;
  /** Of the image's manifest, or of the pod's file; a bundle has none. */
  digest: string | null;
  /** All that the command would print of it. */
  text: string;
}

export type RestoreWriting =
  /** Bytes; `total` is null where nobody knows before the end. */
  { state: "writing"; done: number; total: number | null } | { state: "made"; made: RestoreMade };

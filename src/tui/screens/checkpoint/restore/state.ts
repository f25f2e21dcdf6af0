import type { Problem } from "../../../../base/problem.ts";
import type { NodesPart } from "../../../state/cluster.ts";
import type { Failure } from "../../../state/questions.ts";
import type {
  ListedPlan,
  NeedRow,
  RestoreMade,
  RestorePreview,
  RestoreTarget,
  RestoreWrite,
} from "../../../state/restore.ts";
import type { Listed } from "../../list-screen.ts";
import type { PlaceRow } from "./places.ts";

/** The list of places, while one is chosen. */
export interface Choosing {
  listed: Listed<PlaceRow>;
  /** What is known of the cluster, without its rows. */
  known: Omit<NodesPart, "rows"> | undefined;
  failure: Failure | undefined;
  waiting: boolean;
}

/** An image, a pod or a bundle on its way to the disk. */
export type Work =
  /** Its destination is typed; of a bundle, the root file system is known then. */
  | { stage: "typing"; what: RestoreWrite["what"]; rootfs: string }
  | { stage: "looking"; write: RestoreWrite }
  | { stage: "asked"; preview: RestorePreview }
  | { stage: "writing"; preview: RestorePreview; done: number; total: number | null }
  | { stage: "made"; made: RestoreMade }
  | { stage: "failed"; write: RestoreWrite; failure: Failure };

export interface RestoreState {
  path: string;
  target: RestoreTarget;
  listed: Listed<NeedRow>;
  /** What was planned last, without its rows. */
  plan: Omit<ListedPlan, "rows"> | undefined;
  /** Worth telling of the archive and of the place. */
  problems: readonly Problem[];
  failure: Failure | undefined;
  waiting: boolean;
  choosing: Choosing | undefined;
  work: Work | undefined;
}

import { apiVersion, type Document } from "../../base/document.ts";
import { formatTime } from "../../base/time.ts";
import { formatAge, formatBytes } from "../../base/units.ts";
import type { Policy } from "../policy/policy.ts";
import { groupBy, groupKinds, mostBytes } from "./groups.ts";
import { ageOf, type Holding } from "./holding.ts";
import { oldestFirst } from "./places.ts";

/** Why an archive that is beyond a limit stays all the same. */
type StayReason =
  /** Somebody said so: a `.keep` file, or the policy. */
  | "pinned"
  /** It has other names, so deleting this one frees nothing, and somebody made them. */
  | "hard-linked"
  /** It is a dump before a dump, whose pages a later one may need. */
  | "pre-dump"
  /** The gate refused it, or others than its owner can change it or its folder. */
  | "not-private"
  /** Nobody can say that it is a checkpoint. */
  | "not-a-checkpoint";

/** An archive that a prune looks at. */
export interface PruneHolding extends Holding {
  /** Bytes of the disk that it takes. */
  diskBytes: number;
  /** Why it may not be deleted. */
  stays: { reason: StayReason; detail: string } | null;
}

/** One archive of a plan. Absent facts are null. */
export interface PruneItem {
  path: string;
  sizeBytes: number;
  /** What deleting it gives back. */
  diskBytes: number;
  container: string | null;
  pod: string | null;
  namespace: string | null;
  checkpointedAt: string | null;
  modifiedAt: string;
  /** Limits of the policy that it is beyond; none for one that stays within them. */
  why: string[];
}

/** What `audit --prune` would delete, or deleted: also its JSON. */
export interface PrunePlan extends Document<"PrunePlan"> {
  plannedAt: string;
  /** Was it carried out? */
  executed: boolean;
  /** Oldest first. `failure` says why one that should have gone is still there. */
  delete: (PruneItem & { deleted: boolean; failure: string | null })[];
  /** Those that are beyond a limit and stay, then those within: `reason` null. */
  keep: (PruneItem & { reason: StayReason | null; detail: string | null })[];
  /** What deleting gives back, or gave. */
  freesBytes: number;
}

/** Plans what has to go so that the rest is within the policy's limits. Nothing is deleted here. */
export function planPrune(
  holdings: readonly PruneHolding[],
  policy: Policy,
  now: number,
): PrunePlan {
  const why = new Map<PruneHolding, string[]>(holdings.map((holding) => [holding, []]));
  const mark = (holding: PruneHolding, reason: string): void => {
    why.get(holding)?.push(reason);
  };
  markOld(holdings, policy, now, mark);
  markMany(holdings, policy, mark);
  markLarge(holdings, policy, why, mark);
  const item = (holding: PruneHolding): PruneItem => describe(holding, why.get(holding) ?? []);
  const ordered = oldestFirst(holdings);
  const isBeyond = (holding: PruneHolding): boolean => (why.get(holding) ?? []).length > 0;
  const beyond = ordered.filter(isBeyond);
  const going = beyond.filter(({ stays }) => stays === null);
  const staying = [
    ...beyond.filter(({ stays }) => stays !== null),
    ...ordered.filter((holding) => !isBeyond(holding)),
  ];
  return {
    apiVersion,
    kind: "PrunePlan",
    plannedAt: formatTime(now),
    executed: false,
    delete: going.map((holding) => ({ ...item(holding), deleted: false, failure: null })),
    keep: staying.map((holding) => ({
      ...item(holding),
      reason: holding.stays?.reason ?? null,
      detail: holding.stays?.detail ?? null,
    })),
    freesBytes: going.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
  };
}

type Mark = (holding: PruneHolding, reason: string) => void;

function markOld(
  holdings: readonly PruneHolding[],
  { thresholds: { maxAge } }: Policy,
  now: number,
  mark: Mark,
): void {
  if (maxAge === null) return;
  for (const holding of holdings) {
    const age = ageOf(holding, now);
    if (age > maxAge * 1000) {
      mark(holding, `it is ${formatAge(age)} old; ${formatAge(maxAge * 1000)} are allowed`);
    }
  }
}

/** Beyond the newest archives of each container. Pinned ones count, and stay. */
function markMany(
  holdings: readonly PruneHolding[],
  { thresholds: { maxArchivesPerContainer: most } }: Policy,
  mark: Mark,
): void {
  if (most === null) return;
  for (const { name, holdings: archives } of groupBy(holdings, "container")) {
    const beyond = oldestFirst(archives).slice(0, Math.max(0, archives.length - most));
    for (const holding of beyond) {
      mark(holding, `container ${name} has ${archives.length} archives; at most ${most} may stay`);
    }
  }
}

/** Oldest first, until what is left of a group is small enough. */
function markLarge(
  holdings: readonly PruneHolding[],
  policy: Policy,
  why: ReadonlyMap<PruneHolding, readonly string[]>,
  mark: Mark,
): void {
  for (const kind of groupKinds) {
    const most = mostBytes(policy, kind);
    if (most === null) continue;
    for (const { name, bytes, holdings: archives } of groupBy(holdings, kind)) {
      const reason = `the archives of ${kind} ${name} take ${formatBytes(bytes)}; ${formatBytes(most)} are allowed`;
      const goes = (holding: PruneHolding): boolean =>
        holding.stays === null && (why.get(holding) ?? []).length > 0;
      let left = archives.reduce((sum, each) => sum + (goes(each) ? 0 : each.sizeBytes), 0);
      for (const holding of oldestFirst(archives)) {
        if (left <= most) break;
        if (goes(holding)) continue;
        mark(holding, reason);
        if (holding.stays === null) left -= holding.sizeBytes;
      }
    }
  }
}

function describe(holding: PruneHolding, why: string[]): PruneItem {
  const { path, sizeBytes, diskBytes, container, pod, namespace } = holding;
  const checkpointedAt =
    holding.checkpointedAt === null ? null : formatTime(holding.checkpointedAt);
  const modifiedAt = formatTime(Math.floor(holding.modifiedAt));
  return {
    path,
    sizeBytes,
    diskBytes,
    container,
    pod,
    namespace,
    checkpointedAt,
    modifiedAt,
    why,
  };
}

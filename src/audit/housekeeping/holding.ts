import type { Sighting } from "../finding.ts";
import type { Policy } from "../policy/policy.ts";
import type { RuleText } from "../rule.ts";

/** One archive as it takes room: whose it is, and how long it has lain there. Absent facts are null. */
export interface Holding {
  path: string;
  folder: string;
  sizeBytes: number;
  /** When the file was written last, milliseconds since 1970. */
  modifiedAt: number;
  /** When the checkpoint was made, as the archive has it; milliseconds since 1970. */
  checkpointedAt: number | null;
  container: string | null;
  pod: string | null;
  namespace: string | null;
}

/** A folder in which archives lie. */
export interface HoldingFolder {
  path: string;
  /** Bytes that its file system has for others than root; null where it does not say. */
  freeBytes: number | null;
  /** All bytes of that file system. */
  totalBytes: number | null;
  /** Parts of archives that were never finished. */
  partials: { path: string; sizeBytes: number; modifiedAt: number }[];
}

/** All archives of an audit, and where they lie. */
export interface Household {
  holdings: readonly Holding[];
  folders: readonly HoldingFolder[];
}

/** A question about archives together. */
export interface HousekeepingRule extends RuleText {
  evaluate(household: Household, policy: Policy, now: number): Iterable<Sighting>;
}

/**
 * Milliseconds for which an archive has been there: since the checkpoint or the last write,
 * whichever was later. What an archive says of itself can so make it younger, never older than
 * its file; and times to come are now.
 */
export function ageOf({ modifiedAt, checkpointedAt }: Holding, now: number): number {
  return Math.max(0, now - Math.max(modifiedAt, Math.min(checkpointedAt ?? 0, now)));
}

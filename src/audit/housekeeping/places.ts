import type { FindingPlace } from "../finding.ts";
import type { Holding } from "./holding.ts";

/** Places of a finding about many archives that are told. */
const mostPlaces = 100;

/** The archives that a finding is about, oldest first. */
export function placesOf(holdings: readonly Holding[]): FindingPlace[] {
  return oldestFirst(holdings)
    .slice(0, mostPlaces)
    .map(({ path }) => ({ path }));
}

/** By the time of the checkpoint, of the file where none is known; then by path. */
export function oldestFirst<T extends Holding>(holdings: readonly T[]): T[] {
  const time = ({ checkpointedAt, modifiedAt }: Holding): number => checkpointedAt ?? modifiedAt;
  return holdings.toSorted((a, b) => time(a) - time(b) || (a.path < b.path ? -1 : 1));
}

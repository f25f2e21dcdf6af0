import type { ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { Kernel } from "../kernel/kernel.ts";
import type { Matcher } from "../matcher.ts";
import type { SecretCollector } from "./collector.ts";
import type { Examiner, Namer, Sighted } from "./examine.ts";
import { Overlaps } from "./overlaps.ts";
import { matchLength } from "./probe-matcher.ts";

/** One search for secrets: what is asked of every part of an archive. */
export interface SecretSearch {
  checkpoint: Checkpoint;
  matcher: Matcher;
  examiner: Examiner;
  collector: SecretCollector;
  problems: ProblemLog;
  /** Members of which it was said that keywords are too crowded in them. */
  crowded: Set<string>;
  pids: ReadonlySet<number> | undefined;
  /** Told of bytes that were looked at; ends the search by throwing. */
  progress: (bytes: number) => void;
  /** Is a namer to be asked? */
  asks(namer: Namer): boolean;
  /** A kernel with room for so many bytes. */
  kernel(bytes: number): Kernel;
}

/** A kernel for texts of usual length is kept for the next of them. */
const usualBytes = 256 * 1024;

/** Lends one kernel again and again; who borrows it gives up control to nobody meanwhile. */
export function kernelLender(): (bytes: number) => Kernel {
  let kept: Kernel | undefined;
  return (bytes) => {
    if (bytes > usualBytes) return new Kernel(bytes);
    kept ??= new Kernel(usualBytes);
    return kept;
  };
}

/** All secrets in bytes that are at hand, by their form and by what is known of them by name. */
export function secretsIn(
  search: SecretSearch,
  bytes: Uint8Array,
  named: readonly Sighted[] = [],
): Sighted[] {
  const { matcher, examiner, collector, kernel } = search;
  const found: Sighted[] = [];
  const overlaps = new Overlaps(Number.POSITIVE_INFINITY, (one) => found.push(one));
  overlaps.add(0, named);
  for (const { start, end } of matcher.matches(bytes, 0, kernel(bytes.length))) {
    if (end - start === matchLength.found)
      overlaps.add(start, examiner.at(bytes, start, collector));
  }
  overlaps.flush();
  return found;
}

/** Says once of a member that expressions were not asked around each keyword. */
export function tellCrowded(search: SecretSearch, member: string, offset: number): void {
  if (search.crowded.has(member)) return;
  search.crowded.add(member);
  search.problems.add({
    severity: "warning",
    code: "secrets-crowded",
    message:
      "from here on keywords of secrets stand so close together that not all places were looked at",
    where: { member, offset },
  });
}

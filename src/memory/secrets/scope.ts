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
  { matcher, examiner, kernel }: SecretSearch,
  bytes: Uint8Array,
  named: readonly Sighted[] = [],
): Sighted[] {
  const found: Sighted[] = [];
  const overlaps = new Overlaps(Number.POSITIVE_INFINITY, (one) => found.push(one));
  overlaps.add(0, named);
  for (const { start, end } of matcher.matches(bytes, 0, kernel(bytes.length))) {
    if (end - start === matchLength.found) overlaps.add(start, examiner.at(bytes, start));
  }
  overlaps.flush();
  return found;
}

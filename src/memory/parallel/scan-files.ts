import type { Extent } from "../extents.ts";
import type { Match, Matcher } from "../matcher.ts";
import type { Piece, Scanned } from "./job.ts";
import { type Job, JobError, runJobs } from "./pool.ts";

/** Bytes of a job: a millisecond's work. */
const jobBytes = 4 * 1024 * 1024;
const mostPieces = 256;

/**
 * Runs a matcher over extents whose pages lie in files as they are; matches come in order, offsets
 * in their extent.
 * @param progress told of bytes that were looked at; ends the scan by throwing
 */
export async function* scanFiles(
  extents: Iterable<Extent>,
  matcher: Matcher,
  bytes = jobBytes,
  progress: (bytes: number) => void = () => {},
): AsyncGenerator<{ extent: Extent; matches: Match[] }> {
  try {
    yield* ordered(extents, matcher, progress, bytes);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    await explain(error as JobError<Extent>);
  }
}

async function* ordered(
  extents: Iterable<Extent>,
  matcher: Matcher,
  progress: (bytes: number) => void,
  bytes: number,
): AsyncGenerator<{ extent: Extent; matches: Match[] }> {
  let current: Extent | undefined;
  let end = 0;
  for await (const { pieces, about, scanned, again } of runJobs(jobs(extents, bytes), matcher)) {
    progress(pieces.reduce((sum, { start, end }) => sum + end - start, 0));
    for (const [index, piece] of pieces.entries()) {
      const extent = about[index] as Extent;
      if (extent !== current) end = 0;
      current = extent;
      const more = (from: number): Scanned => again(piece, from);
      for (const list of listed(piece, scanned[index] as Scanned, end, more)) {
        if (list.length > 0) yield { extent, matches: list };
        end = list.at(-1)?.end ?? end;
      }
    }
  }
}

/**
 * The matches of a piece, list by list. It was scanned as if nothing had been found before it, but
 * the match before it ends at `end`; and it may hold more than is told at a time.
 */
function* listed(
  piece: Piece,
  first: Scanned,
  end: number,
  again: (from: number) => Scanned,
): Generator<Match[]> {
  const matches = behind(first.matches, end);
  let scanned = matches === undefined ? again(end) : { matches, next: first.next };
  for (;;) {
    yield scanned.matches;
    if (scanned.next >= piece.end) return;
    scanned = again(Math.max(scanned.next, end));
  }
}

/** Reads again what could not be read; the source knows what to say of it. */
async function explain({ job, cause }: JobError<Extent>): Promise<void> {
  for (const [index, { start, length, end }] of job.pieces.entries()) {
    const { store, offset } = job.about[index] as Extent;
    await store.pages?.read(offset + start, Math.min(length, end) - start);
  }
  throw cause;
}

/**
 * Matches that are found when the one before them ends at `end`; undefined where one lies across,
 * so that others come out.
 */
export function behind(matches: Match[], end: number): Match[] | undefined {
  if ((matches[0]?.start ?? end) >= end) return matches;
  const first = matches.findIndex((match) => match.end > end);
  if (first === -1) return [];
  return (matches[first] as Match).start >= end ? matches.slice(first) : undefined;
}

function* jobs(extents: Iterable<Extent>, most: number): Generator<Job<Extent>> {
  let job: Job<Extent> = { pieces: [], about: [] };
  let bytes = 0;
  for (const extent of extents) {
    for (let start = 0; start < extent.length; ) {
      const end = Math.min(extent.length, start + most - bytes);
      job.pieces.push(pieceOf(extent, start, end));
      job.about.push(extent);
      bytes += end - start;
      start = end;
      if (bytes < most && job.pieces.length < mostPieces) continue;
      yield job;
      job = { pieces: [], about: [] };
      bytes = 0;
    }
  }
  if (job.pieces.length > 0) yield job;
}

function pieceOf({ store, offset, length }: Extent, start: number, end: number): Piece {
  const file = store.pages?.inFile?.();
  if (file === undefined) throw new TypeError("pages that are in no file");
  return { fd: file.fd, offset: file.offset + offset, length, start, end };
}

import type { Archive } from "../archive/archive.ts";
import { canonicalName, type TarMember } from "../archive/member.ts";
import { ArchiveError } from "../base/errors.ts";
import type { ProblemLog } from "../base/problem.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { describeContent } from "../checkpoint/content.ts";
import type { Matcher } from "./matcher.ts";
import { type StreamFound, scanStream } from "./scan-stream.ts";

/** Something found outside memory: in queues, deleted files, logs, metadata, changed files. */
interface FileHit extends StreamFound {
  /** Member of the archive; `OUTER!INNER` for one of an archive inside the archive. */
  member: string;
}

/**
 * Searches everything that is not memory: every image (queues and deleted files with them), logs,
 * metadata, and the files in the archives inside the archive.
 */
export async function* searchFiles(
  checkpoint: Checkpoint,
  matcher: Matcher,
  context: number,
  problems: ProblemLog,
): AsyncGenerator<FileHit[]> {
  for (const name of checkpoint.archive.names()) {
    const member = checkpoint.archive.find(name);
    if (member?.type !== "file") continue;
    const content = describeContent(member);
    if (content.kind === "pages") continue;
    try {
      if (content.nested) yield* inNested(checkpoint, member, matcher, context);
      else yield* inMember(checkpoint.archive, member, name, matcher, context);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      problems.addFault("unsearched", error, { member: name });
    }
  }
}

async function* inNested(
  checkpoint: Checkpoint,
  outer: TarMember,
  matcher: Matcher,
  context: number,
): AsyncGenerator<FileHit[]> {
  const nested = await checkpoint.nested(outer);
  try {
    for (const member of nested.members) {
      if (member.type !== "file" || member.size === 0) continue;
      const name = `${canonicalName(outer.name)}!${canonicalName(member.name)}`;
      yield* inMember(nested, member, name, matcher, context);
    }
  } finally {
    await nested.close();
  }
}

async function* inMember(
  archive: Archive,
  member: TarMember,
  name: string,
  matcher: Matcher,
  context: number,
): AsyncGenerator<FileHit[]> {
  const stream = archive.open(member).stream();
  for await (const found of scanStream(stream, matcher, context)) {
    yield found.map((hit) => ({ ...hit, member: name }));
  }
}

import type { Archive } from "../../archive/archive.ts";
import { canonicalName, type TarMember } from "../../archive/member.ts";
import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { type Content, describeContent } from "../../checkpoint/content.ts";
import { ForwardSource } from "../forward-source.ts";
import { watched } from "../matcher.ts";
import { scan } from "../scan.ts";
import { documentEntries, documentPairs } from "./document-entries.ts";
import type { Sighted } from "./examine.ts";
import {
  commandLineFlag,
  namedVariable,
  secretFlags,
  secretValue,
  secretVariable,
} from "./named.ts";
import { Overlaps } from "./overlaps.ts";
import { matchLength } from "./probe-matcher.ts";
import { type SecretSearch, secretsIn, tellCrowded } from "./scope.ts";
import type { SecretPlaceKind } from "./secret.ts";

/**
 * Looks through everything that is not memory: metadata, logs, queues, deleted files, other images,
 * and the files in the archives inside the archive.
 */
export async function searchFiles(search: SecretSearch): Promise<void> {
  const { archive } = search.checkpoint;
  for (const name of archive.names()) {
    const member = archive.find(name);
    if (member?.type !== "file") continue;
    const content = describeContent(member);
    if (content.kind === "pages") continue;
    try {
      if (content.nested) await inNested(search, member, kindOf(content));
      else await inMember(search, archive, member, { name, kind: kindOf(content) });
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      search.problems.addFault("unsearched", error, { member: name });
    }
  }
}

const imageKinds: Record<string, SecretPlaceKind> = {
  GHOST_FILE: "deleted-file",
  PIPES_DATA: "queue",
  FIFO_DATA: "queue",
  SK_QUEUES: "queue",
  TCP_STREAM: "queue",
  TTY_DATA: "queue",
  IPCNS_MSG: "queue",
  BPFMAP_DATA: "queue",
  TMPFS_IMG: "volume",
  TMPFS_DEV: "volume",
};

/** Who can read a member, by what it is. What nobody knows lies as open as metadata. */
function kindOf({ kind, image }: Content): SecretPlaceKind {
  if (kind === "image") return imageKinds[image?.type ?? ""] ?? "image";
  return kind === "other" || kind === "pages" ? "metadata" : kind;
}

interface Named {
  name: string;
  kind: SecretPlaceKind;
}

async function inNested(
  search: SecretSearch,
  outer: TarMember,
  kind: SecretPlaceKind,
): Promise<void> {
  const nested = await search.checkpoint.nested(outer);
  try {
    for (const member of nested.members) {
      if (member.type !== "file" || member.size === 0) continue;
      const name = `${canonicalName(outer.name)}!${canonicalName(member.name)}`;
      await inMember(search, nested, member, { name, kind });
    }
  } finally {
    await nested.close();
  }
}

async function inMember(
  search: SecretSearch,
  archive: Archive,
  member: TarMember,
  named: Named,
): Promise<void> {
  const source = archive.open(member);
  const tell = (sighted: Sighted): void => {
    const { start, encoding } = sighted;
    const place = { kind: named.kind, member: named.name, offset: start, parent: 0, encoding };
    search.collector.add(sighted, [place]);
  };
  if (named.kind === "metadata" && source.size <= limits.documentBytes) {
    await inDocument(search, source, tell);
  } else if (source.readInto !== undefined) {
    await inSource(search, source, named, tell);
  } else {
    const forward = new ForwardSource(source);
    try {
      await inSource(search, forward, named, tell);
    } finally {
      await forward.close();
    }
  }
}

/** A document in which a runtime speaks of the container: variables and arguments stand in it. */
async function inDocument(
  search: SecretSearch,
  source: ByteSource,
  tell: (sighted: Sighted) => void,
): Promise<void> {
  const bytes = await source.read(0, source.size);
  search.progress(bytes.length);
  const entries = documentEntries(bytes);
  const variables = search.asks(namedVariable)
    ? [
        ...entries.flatMap((entry) => secretVariable(entry) ?? []),
        ...documentPairs(bytes).flatMap((pair) => secretValue(pair) ?? []),
      ]
    : [];
  const flags = search.asks(commandLineFlag) ? secretFlags(entries) : [];
  for (const one of secretsIn(search, bytes, [...variables, ...flags])) tell(one);
}

async function inSource(
  search: SecretSearch,
  source: ByteSource,
  { name }: Named,
  tell: (sighted: Sighted) => void,
): Promise<void> {
  const { matcher, examiner, collector, progress } = search;
  const overlaps = new Overlaps(2 * examiner.before, tell);
  for await (const { matches, window, start } of scan(
    source,
    0,
    source.size,
    watched(matcher, progress),
  )) {
    for (const match of matches) {
      if (match.end - match.start === matchLength.crowded) {
        tellCrowded(search, name, match.start);
        continue;
      }
      const found = examiner.at(window, match.start - start, collector);
      overlaps.add(
        match.start,
        found.map((one) => ({ ...one, start: one.start + start, end: one.end + start })),
      );
    }
  }
  overlaps.flush();
}

import type { Compression } from "../archive/compression.ts";
import { lookAt } from "../archive/look-at.ts";
import { apiVersion, type Document } from "../base/document.ts";
import { Fault } from "../base/errors.ts";
import { isRemote, shownName } from "../base/remote-name.ts";
import { formatTime } from "../base/time.ts";
import type { Engine } from "../runtime/engine.ts";
import { parseFileName } from "../runtime/file-name.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { describeContent } from "./content.ts";
import { type CheckpointOptions, openCheckpoint } from "./open-checkpoint.ts";

/** Why an archive was not opened. */
export interface SummaryFault {
  /** By the gate; not readable; not reached, which says nothing of the archive. */
  kind: "refused" | "broken" | "remote";
  /** For refusals: what the gate objected to, such as `mode`, `owner`, `symlink`, `no-access`. */
  code: string | null;
  message: string;
  next: string | null;
}

/** One archive as `list` shows it. Absent facts are null. */
export interface Summary {
  path: string;
  sizeBytes: number | null;
  modifiedAt: string | null;
  compression: Compression | null;
  engine: Engine | null;
  container: string | null;
  pod: string | null;
  namespace: string | null;
  image: string | null;
  checkpointedAt: string | null;
  /** Bytes of page images. */
  pageBytes: number | null;
  mode: string | null;
  uid: number | null;
  /** Can only its owner read it? Null where nobody looked. */
  lockedDown: boolean | null;
  fault: SummaryFault | null;
  /** Problems of severity `error` and `warning` that the summary met. */
  problems: number;
}

export interface CheckpointList extends Document<"CheckpointList"> {
  items: Summary[];
}

export function checkpointList(items: Summary[]): CheckpointList {
  return { apiVersion, kind: "CheckpointList", items };
}

/**
 * Sums one archive up, reading its index and metadata only. An archive that the gate refuses or
 * that is broken is summed up too: from its file name, with the reason.
 */
export async function summarize(path: string, options: CheckpointOptions): Promise<Summary> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await openCheckpoint(path, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return closedSummary(path, error);
  }
  try {
    return await openSummary(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

async function openSummary(checkpoint: Checkpoint): Promise<Summary> {
  const { archive } = checkpoint;
  const { engine } = await checkpoint.runtime();
  const identity = await checkpoint.identity();
  let pageBytes = 0;
  for (const name of archive.names()) {
    const member = archive.find(name);
    if (member !== undefined && describeContent(member).kind === "pages") pageBytes += member.size;
  }
  const lax = archive.problems.some(({ code }) => code.startsWith("permissions-"));
  const broken = checkpoint.problems.find(({ severity }) => severity === "error");
  return {
    path: archive.path,
    sizeBytes: archive.sizeBytes ?? null,
    modifiedAt: archive.file === undefined ? null : formatTime(Math.floor(archive.file.mtime)),
    compression: archive.compression,
    engine,
    container: identity.name ?? null,
    pod: identity.pod ?? null,
    namespace: identity.namespace ?? null,
    image: identity.image ?? null,
    checkpointedAt: identity.checkpointedAt ?? null,
    pageBytes,
    mode: archive.file === undefined ? null : octal(archive.file.mode),
    uid: archive.file?.uid ?? null,
    lockedDown: archive.file === undefined ? null : !lax,
    fault:
      broken === undefined
        ? null
        : { kind: "broken", code: broken.code, message: broken.message, next: null },
    problems: checkpoint.problems.filter(({ severity }) => severity !== "note").length,
  };
}

/** Sums up from its file name and the file system what could not be opened. */
export async function closedSummary(path: string, error: Fault): Promise<Summary> {
  const stats = lookAt(path);
  return {
    path: shownName(path),
    sizeBytes: stats?.size ?? null,
    modifiedAt: stats === undefined ? null : formatTime(Math.floor(stats.mtimeMs)),
    compression: null,
    engine: null,
    ...identityByName(path),
    image: null,
    pageBytes: null,
    mode: stats === undefined ? null : octal(stats.mode),
    uid: stats?.uid ?? null,
    lockedDown:
      error.kind === "refused" && error.detail.code !== "no-access" && !isRemote(path)
        ? false
        : null,
    fault: {
      kind: faultKind(error),
      code: error.detail.code ?? null,
      message: error.message,
      next: error.detail.next ?? null,
    },
    problems: 1,
  };
}

function faultKind({ kind }: Fault): SummaryFault["kind"] {
  if (kind === "refused") return "refused";
  return kind === "remote" || kind === "timeout" ? "remote" : "broken";
}

/** Whose checkpoint it is as far as the kubelet's file name says; what has two readings is null. */
export function identityByName(
  path: string,
): Pick<Summary, "container" | "pod" | "namespace" | "checkpointedAt"> {
  const name = parseFileName(path);
  const reading = name?.readings.length === 1 ? name.readings[0] : undefined;
  return {
    container: reading?.container ?? null,
    pod: reading?.pod ?? name?.readings[0]?.pod ?? null,
    namespace: reading?.namespace ?? null,
    checkpointedAt: name?.time ?? null,
  };
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

import type { Compression } from "../archive/compression.ts";
import { apiVersion, type Document } from "../base/document.ts";
import { maskCommand } from "../base/mask.ts";
import type { Problem } from "../base/problem.ts";
import { formatTime } from "../base/time.ts";
import { formatMode } from "../base/units.ts";
import type { CriuProcess } from "../criu/processes.ts";
import type { DumpStatistics } from "../criu/statistics.ts";
import { textsAt } from "../runtime/documents.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FileName } from "../runtime/file-name.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type ContentKind, describeContent } from "./content.ts";
import type { NamedIdentity } from "./identity.ts";
import {
  describeMounts,
  describeNetwork,
  type InspectedMount,
  type InspectedNetwork,
  maskMap,
} from "./inspected-metadata.ts";
import { type RootfsChanges, readRootfsChanges } from "./rootfs.ts";

/** A process as `inspect` shows it. */
export interface InspectedProcess {
  pid: number;
  ppid: number;
  pgid: number;
  sid: number;
  comm: string | null;
  /** Arguments; null where their memory is not in the dump. Secrets masked unless revealed. */
  command: string[] | null;
  state: string;
  /** What a zombie exited with, or the number of the signal that ended it. */
  exitCode: number | null;
  exitSignal: number | null;
  /** Thread ids; the first is the process's own. */
  threads: number[];
  /** Bytes of its own memory in the dump, and pages that are elsewhere. */
  dumpedBytes: number;
  parentPages: number;
  lazyPages: number;
}

/** Everything that `inspect` says of one archive: also its JSON. Absent facts are null. */
export interface Inspection extends Document<"Inspection"> {
  archive: {
    path: string;
    sizeBytes: number | null;
    compression: Compression;
    mode: string | null;
    uid: number | null;
    gid: number | null;
    modifiedAt: string | null;
    members: number;
    /** Could only its owner read it? Null where nobody can tell (a pipe). */
    lockedDown: boolean | null;
  };
  fileName: FileName | null;
  runtime: { engine: Engine; ociRuntime: string | null; evidence: string[] };
  container: {
    id: string | null;
    name: string | null;
    image: string | null;
    imageRef: string | null;
    imageId: string | null;
    pod: string | null;
    namespace: string | null;
    podUid: string | null;
    createdAt: string | null;
    checkpointedAt: string | null;
    restored: boolean | null;
    restoredAt: string | null;
  };
  criu: {
    imageVersion: number | null;
    pageSize: number;
    architecture: string | null;
    lsm: string | null;
    runId: string | null;
    /** Times in microseconds, sizes in pages. */
    dumpStatistics: DumpStatistics | null;
  };
  /** Bytes of the archive by what they are for. */
  sizes: Record<ContentKind, number>;
  processes: InspectedProcess[];
  memory: {
    pageBytes: number;
    pageImages: {
      member: string;
      pagesId: number;
      kind: string;
      pid: number | null;
      shmid: number | null;
      pages: number;
      bytes: number;
    }[];
  };
  mounts: InspectedMount[];
  network: InspectedNetwork;
  annotations: Record<string, string>;
  labels: Record<string, string>;
  /** Present where it was asked for: it costs reading the archives inside the archive. */
  rootfs?: RootfsChanges;
  problems: Problem[];
}

export interface InspectOptions {
  /** Show secrets in command lines and annotations. */
  reveal?: boolean;
  /** Also list what changed in the root file system. */
  rootfs?: boolean;
}

/** Answers the questions that people ask first of an archive. */
export async function inspect(
  checkpoint: Checkpoint,
  options: InspectOptions = {},
): Promise<Inspection> {
  const reveal = options.reveal === true;
  const runtime = await checkpoint.runtime();
  const identity = await checkpoint.identity();
  const processes = await checkpoint.processes();
  const pageImages = await checkpoint.pageImages();
  const pageSize = await checkpoint.pageSize();
  const spec = await checkpoint.documents.object("spec.dump");
  const status = await checkpoint.documents.object("status.dump");
  const rootfs = options.rootfs === true ? await readRootfsChanges(checkpoint) : undefined;
  const network = await describeNetwork(checkpoint.documents, spec);
  return {
    apiVersion,
    kind: "Inspection",
    archive: describeArchive(checkpoint),
    fileName: identity.fileName ?? null,
    runtime: {
      engine: runtime.engine,
      ociRuntime: identity.ociRuntime ?? null,
      evidence: runtime.evidence,
    },
    container: describeContainer(identity),
    criu: await describeDump(checkpoint),
    sizes: sizesByKind(checkpoint),
    processes: processes.map((process) => describeProcess(process, pageSize, reveal)),
    memory: {
      pageBytes: pageImages.reduce((sum, { bytes }) => sum + bytes, 0),
      pageImages: pageImages.map(({ name, pagesId, kind, pid, shmid, pages, bytes }) => ({
        member: checkpoint.images?.label(name) ?? name,
        pagesId,
        kind,
        pid: pid ?? null,
        shmid: shmid ?? null,
        pages,
        bytes,
      })),
    },
    mounts: describeMounts(spec),
    network,
    annotations: maskMap(textsAt(spec, "annotations"), reveal),
    labels: maskMap(textsAt(status, "labels"), reveal),
    ...(rootfs === undefined ? {} : { rootfs }),
    problems: checkpoint.problems,
  };
}

function describeArchive({ archive }: Checkpoint): Inspection["archive"] {
  const { file } = archive;
  const lax = archive.problems.some(({ code }) => code.startsWith("permissions-"));
  return {
    path: archive.path,
    sizeBytes: archive.sizeBytes ?? null,
    compression: archive.compression,
    mode: file === undefined ? null : formatMode(file.mode),
    uid: file?.uid ?? null,
    gid: file?.gid ?? null,
    modifiedAt: file === undefined ? null : formatTime(Math.floor(file.mtime)),
    members: archive.members.length,
    lockedDown: file === undefined ? null : !lax,
  };
}

function describeContainer(identity: NamedIdentity): Inspection["container"] {
  return {
    id: identity.id ?? null,
    name: identity.name ?? null,
    image: identity.image ?? null,
    imageRef: identity.imageRef ?? null,
    imageId: identity.imageId ?? null,
    pod: identity.pod ?? null,
    namespace: identity.namespace ?? null,
    podUid: identity.podUid ?? null,
    createdAt: identity.createdAt ?? null,
    checkpointedAt: identity.checkpointedAt ?? null,
    restored: identity.restored ?? null,
    restoredAt: identity.restoredAt ?? null,
  };
}

async function describeDump(checkpoint: Checkpoint): Promise<Inspection["criu"]> {
  const processes = await checkpoint.processes();
  const inventory = await checkpoint.inventory();
  return {
    imageVersion: inventory?.imageVersion ?? null,
    pageSize: await checkpoint.pageSize(),
    architecture: processes.find(({ architecture }) => architecture)?.architecture ?? null,
    lsm: inventory?.lsm ?? null,
    runId: inventory?.runId ?? null,
    dumpStatistics: (await checkpoint.statistics()) ?? null,
  };
}

function describeProcess(
  process: CriuProcess,
  pageSize: number,
  reveal: boolean,
): InspectedProcess {
  const { pid, ppid, pgid, sid, comm, command, state, exit, threads, pageMap } = process;
  return {
    pid,
    ppid,
    pgid,
    sid,
    comm: comm ?? null,
    command: command === undefined ? null : reveal ? command : maskCommand(command),
    state,
    exitCode: exit === undefined || exit.signal !== undefined ? null : exit.code,
    exitSignal: exit?.signal ?? null,
    threads,
    dumpedBytes: (pageMap?.presentPages ?? 0) * (process.layout?.pageSize ?? pageSize),
    parentPages: pageMap?.parentPages ?? 0,
    lazyPages: pageMap?.lazyPages ?? 0,
  };
}

/** Stored bytes of an archive's members by what they are for. */
export function sizesByKind({ archive }: Checkpoint): Record<ContentKind, number> {
  const sizes = { pages: 0, image: 0, metadata: 0, rootfs: 0, volume: 0, log: 0, other: 0 };
  for (const name of archive.names()) {
    const member = archive.find(name);
    if (member !== undefined) sizes[describeContent(member).kind] += member.storedSize;
  }
  return sizes;
}

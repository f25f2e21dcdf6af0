import { apiVersion, type Document } from "../base/document.ts";
import type { Problem } from "../base/problem.ts";
import { formatMode } from "../base/units.ts";
import type { CgroupSet } from "../criu/process/cgroups.ts";
import type { Credentials } from "../criu/process/credentials.ts";
import type { Variable } from "../criu/process/environment.ts";
import type { FilePath } from "../criu/process/file-paths.ts";
import type { ProcessDetails } from "../criu/process/process-details.ts";
import type { Seccomp } from "../criu/process/seccomp.ts";
import type { Thread } from "../criu/process/threads.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { maskVariable } from "./environment-list.ts";
import { noteParentPages } from "./parent-note.ts";
import { findProcess, type ProcessOptions, type ProcessRow, processRow } from "./process-list.ts";

type Shared = Pick<
  ProcessDetails,
  | "architecture"
  | "stopSignal"
  | "personality"
  | "personalityFlags"
  | "loginUid"
  | "oomScoreAdj"
  | "childSubreaper"
  | "dumpable"
  | "hugePagesDisabled"
  | "executable"
  | "workingFolder"
  | "root"
  | "namespaces"
  | "sharedObjects"
  | "limits"
  | "signalHandlers"
  | "pendingSignals"
  | "intervalTimers"
  | "posixTimers"
>;

/** One process in full, as `ps --pid` shows it: also its JSON. Absent facts are null. */
export interface ProcessDocument
  extends Document<"Process">,
    Omit<ProcessRow, "threads" | "exe" | "uid">,
    Shared {
  path: string;
  executable: FilePath | null;
  /** Four octal digits. */
  umask: string | null;
  /** Secrets masked unless revealed; null where its memory is not in the dump. */
  environment: Variable[] | null;
  /** Those of the first thread; threads may differ. */
  credentials: Credentials | null;
  seccomp: Seccomp | null;
  cgroups: CgroupSet | null;
  threads: Thread[];
  problems: Problem[];
}

/**
 * Shows one process in full.
 * @throws ArchiveError when there is no such process.
 */
export async function describeProcess(
  checkpoint: Checkpoint,
  pid: number,
  options: ProcessOptions = {},
): Promise<ProcessDocument> {
  const process = await findProcess(checkpoint, pid);
  noteParentPages(checkpoint, [process], "args");
  noteParentPages(checkpoint, [process], "env");
  const {
    threads: _ids,
    exe: _exe,
    uid: _uid,
    ...row
  } = await processRow(checkpoint, process, await checkpoint.pageSize(), options);
  // Where there is a process there are images, so there is a reader.
  const details = (await (await checkpoint.processReader())?.details(process)) as ProcessDetails;
  const { process: _process, environment, umask, threads, ...facts } = details;
  const first = threads.find(({ tid }) => tid === pid);
  return {
    apiVersion,
    kind: "Process",
    path: checkpoint.archive.path,
    ...row,
    ...facts,
    umask: umask === null ? null : formatMode(umask),
    environment: environment?.map((entry) => maskVariable(entry, options)) ?? null,
    credentials: first?.credentials ?? null,
    seccomp: first?.seccomp ?? null,
    cgroups: first?.cgroups ?? null,
    threads,
    problems: checkpoint.problems,
  };
}

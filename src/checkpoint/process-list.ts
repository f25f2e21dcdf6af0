import { apiVersion, type Document } from "../base/document.ts";
import { ArchiveError } from "../base/errors.ts";
import { maskCommand } from "../base/mask.ts";
import type { Problem } from "../base/problem.ts";
import type { CriuProcess } from "../criu/processes.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { noteParentPages } from "./parent-note.ts";

/** A process as `ps` lists it. Absent facts are null. */
export interface ProcessRow {
  pid: number;
  ppid: number;
  pgid: number;
  sid: number;
  /** Number of ancestors that are in the list. */
  depth: number;
  comm: string | null;
  /** Arguments; null where their memory is not in the dump. Secrets masked unless revealed. */
  command: string[] | null;
  state: string;
  /** What a zombie exited with, or the number of the signal that ended it. */
  exitCode: number | null;
  exitSignal: number | null;
  /** Thread ids; the first is the process's own. */
  threads: number[];
  /** Path of its program. */
  exe: string | null;
  /** Effective user id. */
  uid: number | null;
  /** Bytes of its own memory in the dump. */
  dumpedBytes: number;
}

export interface ProcessList extends Document<"ProcessList"> {
  path: string;
  /** In the order of the tree: parents before their children. */
  items: ProcessRow[];
  problems: Problem[];
}

export interface ProcessOptions {
  /** Show secrets in command lines and environments. */
  reveal?: boolean;
}

/** Lists all processes, zombies included. */
export async function listProcesses(
  checkpoint: Checkpoint,
  options: ProcessOptions = {},
): Promise<ProcessList> {
  const items: ProcessRow[] = [];
  const pageSize = await checkpoint.pageSize();
  const processes = await checkpoint.processes();
  noteParentPages(checkpoint, processes, "args");
  for (const process of processes) {
    items.push(await processRow(checkpoint, process, pageSize, options));
  }
  return {
    apiVersion,
    kind: "ProcessList",
    path: checkpoint.archive.path,
    items,
    problems: checkpoint.problems,
  };
}

/** @param defaultPageSize in bytes, for a process that does not say its own */
export async function processRow(
  checkpoint: Checkpoint,
  process: CriuProcess,
  defaultPageSize: number,
  { reveal }: ProcessOptions,
): Promise<ProcessRow> {
  const { pid, ppid, pgid, sid, depth, comm, command, state, exit, threads } = process;
  const reader = await checkpoint.processReader();
  const pageSize = process.layout?.pageSize ?? defaultPageSize;
  return {
    pid,
    ppid,
    pgid,
    sid,
    depth,
    comm: comm ?? null,
    command: command === undefined ? null : reveal === true ? command : maskCommand(command),
    state,
    exitCode: exit === undefined || exit.signal !== undefined ? null : exit.code,
    exitSignal: exit?.signal ?? null,
    threads,
    exe: (await reader?.executable(process))?.path ?? null,
    uid: (await reader?.effectiveUid(process)) ?? null,
    dumpedBytes: (process.pageMap?.presentPages ?? 0) * pageSize,
  };
}

/**
 * The process of a pid.
 * @throws ArchiveError when there is none; it says whose thread the number is, if one's.
 */
export async function findProcess(checkpoint: Checkpoint, pid: number): Promise<CriuProcess> {
  const processes = await checkpoint.processes();
  const found = processes.find((process) => process.pid === pid);
  if (found !== undefined) return found;
  const owner = processes.find(({ threads }) => threads.includes(pid));
  const some = processes.slice(0, 8).map((process) => process.pid);
  throw new ArchiveError({
    what: `there is no process ${pid} in the archive`,
    where: { path: checkpoint.archive.path },
    ...(owner === undefined ? {} : { found: `a thread ${pid} of process ${owner.pid}` }),
    allowed: `a pid inside the container: ${some.join(", ")}${processes.length > some.length ? ", …" : ""}`,
  });
}

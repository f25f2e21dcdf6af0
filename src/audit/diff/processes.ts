import { maskCommand } from "../../base/mask.ts";
import { formatMode } from "../../base/units.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { noteParentPages } from "../../checkpoint/parent-note.ts";
import type { Credentials, IdSet } from "../../criu/process/credentials.ts";
import type { ProcessDetails } from "../../criu/process/process-details.ts";
import type { CriuProcess } from "../../criu/processes.ts";
import { type Change, compareLists, type Item, inOrder } from "./change.ts";
import { type Pairing, pidKey } from "./pairing.ts";

interface ProcessId {
  pid: number;
}

/** What is compared of a process. Null where the images do not say. */
export interface ProcessFacts {
  comm: string | null;
  /** Secrets masked unless revealed. */
  command: string[] | null;
  state: string;
  exitCode: number | null;
  exitSignal: number | null;
  ppid: number;
  pgid: number;
  sid: number;
  threads: number[];
  exe: string | null;
  exeDeleted: boolean | null;
  cwd: string | null;
  root: string | null;
  umask: string | null;
  /** Real, effective, saved and file system's. */
  uid: number[] | null;
  gid: number[] | null;
  groups: number[] | null;
  effective: string[] | null;
  permitted: string[] | null;
  inheritable: string[] | null;
  bounding: string[] | null;
  ambient: string[] | null;
  noNewPrivileges: boolean | null;
  secureBits: string[] | null;
  lsmProfile: string | null;
  /** `disabled`, `strict` or `filter`, and how many filters. */
  seccomp: string | null;
}

export type ProcessItem = Item<ProcessId, ProcessFacts>;
export type ProcessChange = Change<ProcessId, ProcessFacts>;

/** Facts of every process, secrets as they are. */
export async function processItems(checkpoint: Checkpoint): Promise<ProcessItem[]> {
  const processes = await checkpoint.processes();
  noteParentPages(checkpoint, processes, "args");
  const reader = await checkpoint.processReader();
  const items: ProcessItem[] = [];
  for (const process of processes) {
    const details = await reader?.details(process);
    if (details === undefined) continue;
    const { pid } = process;
    items.push({ key: `${pid}`, id: { pid }, facts: facts(process, details) });
  }
  return items;
}

function facts(process: CriuProcess, details: ProcessDetails): ProcessFacts {
  const { comm, command, state, exit, ppid, pgid, sid, threads } = process;
  const { executable, workingFolder, root, umask } = details;
  const first = details.threads.find(({ tid }) => tid === process.pid);
  return {
    comm: comm ?? null,
    command: command ?? null,
    state,
    exitCode: exit === undefined || exit.signal !== undefined ? null : exit.code,
    exitSignal: exit?.signal ?? null,
    ppid,
    pgid,
    sid,
    threads,
    exe: executable?.path ?? null,
    exeDeleted: executable?.deleted ?? null,
    cwd: workingFolder?.path ?? null,
    root: root?.path ?? null,
    umask: umask === null ? null : formatMode(umask),
    ...rights(first?.credentials ?? null),
    seccomp: seccompText(first?.seccomp ?? null),
  };
}

function rights(
  credentials: Credentials | null,
): Pick<
  ProcessFacts,
  | "uid"
  | "gid"
  | "groups"
  | "effective"
  | "permitted"
  | "inheritable"
  | "bounding"
  | "ambient"
  | "noNewPrivileges"
  | "secureBits"
  | "lsmProfile"
> {
  const set = ({ real, effective, saved, fileSystem }: IdSet): number[] => [
    real,
    effective,
    saved,
    fileSystem,
  ];
  const sets = credentials?.capabilities;
  return {
    uid: credentials === null ? null : set(credentials.uid),
    gid: credentials === null ? null : set(credentials.gid),
    groups: credentials?.groups ?? null,
    effective: sets?.effective ?? null,
    permitted: sets?.permitted ?? null,
    inheritable: sets?.inheritable ?? null,
    bounding: sets?.bounding ?? null,
    ambient: sets?.ambient ?? null,
    noNewPrivileges: credentials?.noNewPrivileges ?? null,
    secureBits: credentials?.secureBits ?? null,
    lsmProfile: credentials?.lsmProfile ?? null,
  };
}

function seccompText(seccomp: { mode: string; filters: unknown[] | null } | null): string | null {
  if (seccomp === null) return null;
  const count = seccomp.filters?.length ?? 0;
  return count === 0 ? seccomp.mode : `${seccomp.mode}, ${count}`;
}

/** A zombie has none of these, and an old image may not say them: that is no difference. */
const unknown = [
  "comm",
  "command",
  "exe",
  "exeDeleted",
  "cwd",
  "root",
  "umask",
  "uid",
  "gid",
  "groups",
  "effective",
  "permitted",
  "inheritable",
  "bounding",
  "ambient",
  "noNewPrivileges",
  "secureBits",
  "seccomp",
] as const;

export function compareProcesses(
  before: readonly ProcessItem[],
  after: readonly ProcessItem[],
  pairing: Pick<Pairing, "reused" | "pid" | "reveal">,
): ProcessChange[] {
  const chosen = (items: readonly ProcessItem[], side: "before" | "after"): ProcessItem[] =>
    items
      .filter(({ id }) => pairing.pid === undefined || id.pid === pairing.pid)
      .map((item) => ({ ...item, key: pidKey(pairing, side, item.id.pid) }));
  const changes = compareLists(chosen(before, "before"), chosen(after, "after"), {
    order: (a, b) => inOrder(a.pid, b.pid),
    unknown,
  });
  if (pairing.reveal) return changes;
  return changes.map((change) => ({
    ...change,
    before: masked(change.before),
    after: masked(change.after),
  }));
}

function masked(facts: ProcessFacts | null): ProcessFacts | null {
  if (facts?.command == null) return facts;
  return { ...facts, command: maskCommand(facts.command) };
}

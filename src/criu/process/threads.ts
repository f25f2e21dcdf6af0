import type { ProblemLog } from "../../base/problem.ts";
import type { Decoded } from "../decode.ts";
import type { Messages } from "../schema/types.ts";
import { type CgroupSet, readCgroupSet } from "./cgroups.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { nameOf } from "./flags.ts";
import { type PendingSignal, readPendingSignals } from "./pending-signals.ts";
import { type Registers, readRegisters } from "./registers.ts";
import { readSeccomp, type Seccomp } from "./seccomp.ts";
import type { SharedImages } from "./shared-images.ts";
import { signalName, signalSet } from "./signals.ts";

/** One thread of a process. What its images do not say is null. */
export interface Thread {
  tid: number;
  comm: string | null;
  /** `SCHED_OTHER`, …; with ` SCHED_RESET_ON_FORK` behind it where children do not inherit it. */
  policy: string | null;
  nice: number | null;
  /** Of the real-time policies. */
  priority: number | null;
  blockedSignals: string[] | null;
  /** Signals for this thread alone. */
  pendingSignals: PendingSignal[];
  /** Sent to it when its parent dies. */
  parentDeathSignal: string | null;
  credentials: Credentials | null;
  seccomp: Seccomp | null;
  cgroups: CgroupSet | null;
  /** `sigaltstack`; null where it has none. */
  signalStack: { address: bigint; sizeBytes: bigint } | null;
  /** Robust futex list. */
  robustList: bigint | null;
  /** Address that is cleared when the thread ends (`set_tid_address`). */
  clearTid: bigint | null;
  registers: Registers | null;
}

const policies: Record<number, string> = {
  0: "SCHED_OTHER",
  1: "SCHED_FIFO",
  2: "SCHED_RR",
  3: "SCHED_BATCH",
  5: "SCHED_IDLE",
  6: "SCHED_DEADLINE",
  7: "SCHED_EXT",
};

/** `SCHED_RESET_ON_FORK`, which `sched_getscheduler` gives beside the policy. */
const resetOnFork = 0x40000000;

function policyName(value: number): string {
  const name = nameOf(policies, value & ~resetOnFork);
  return (value & resetOnFork) === 0 ? name : `${name} SCHED_RESET_ON_FORK`;
}

/** `SS_DISABLE`: there is no signal stack. */
const stackDisabled = 2;

/** What older images hold in files of their own. */
export interface OldThreadImages {
  credentials?: Messages["creds_entry"] | undefined;
  pending?: readonly Messages["siginfo_entry"][] | undefined;
}

interface ThreadSource {
  tid: number;
  core: Decoded<"core_entry">;
  architecture: string;
  /** Name of its core in problems. */
  member: string;
}

export function readThread(
  { tid, core, architecture, member }: ThreadSource,
  old: OldThreadImages,
  shared: SharedImages,
  problems: ProblemLog,
): Thread {
  const it = core.thread_core;
  const creds = it?.creds ?? old.credentials;
  const queue = it?.signals_p?.signals ?? old.pending ?? [];
  const info = core.thread_info ?? core.ti_aarch64 ?? core.ti_arm ?? core.ti_ppc64;
  const robust = it?.futex_rla ?? 0n;
  return {
    tid,
    comm: it?.comm ?? core.tc?.comm ?? null,
    policy: it?.sched_policy === undefined ? null : policyName(it.sched_policy),
    nice: it?.sched_nice ?? null,
    priority: it?.sched_prio ?? null,
    blockedSignals: blocked(core, architecture),
    pendingSignals: readPendingSignals(queue, architecture, member, problems),
    parentDeathSignal:
      it?.pdeath_sig === undefined || it.pdeath_sig === 0
        ? null
        : signalName(it.pdeath_sig, architecture),
    credentials: creds === undefined ? null : readCredentials(creds, member, problems),
    seccomp: seccompOf(core, member, shared, problems),
    cgroups: cgroupsOf(core, member, shared, problems),
    signalStack: signalStack(it?.sas),
    robustList: robust === 0n ? null : robust,
    clearTid: info?.clear_tid_addr ?? null,
    registers: readRegisters(core, member, problems) ?? null,
  };
}

/** The set of the first thread stands with the task, those of the others with the thread. */
function blocked(
  { tc, thread_core: thread }: Decoded<"core_entry">,
  architecture: string,
): string[] | null {
  const from = tc ?? thread;
  if (from?.blk_sigset === undefined) return null;
  return signalSet(from.blk_sigset, from.blk_sigset_extended, architecture);
}

function signalStack(sas: Messages["thread_sas_entry"] | undefined): Thread["signalStack"] {
  if (sas === undefined || (sas.ss_flags & stackDisabled) !== 0 || sas.ss_size === 0n) return null;
  return { address: sas.ss_sp, sizeBytes: sas.ss_size };
}

/** The filters of a thread. */
export function seccompOf(
  { tc, thread_core: thread }: Decoded<"core_entry">,
  member: string,
  shared: SharedImages,
  problems: ProblemLog,
): Seccomp | null {
  const mode = thread?.seccomp_mode ?? tc?.old_seccomp_mode;
  if (mode === undefined) return null;
  const first = thread?.seccomp_filter ?? tc?.old_seccomp_filter;
  const place = { member, label: shared.seccompLabel };
  return memo(shared.seccomp, `${mode} ${first}`, () =>
    readSeccomp(mode, first, shared.seccompFilters, place, problems),
  );
}

function cgroupsOf(
  { tc, thread_core: thread }: Decoded<"core_entry">,
  member: string,
  shared: SharedImages,
  problems: ProblemLog,
): CgroupSet | null {
  const id = thread?.cg_set ?? tc?.cg_set;
  if (id === undefined || id === 0) return null;
  const { cgroupSets: sets } = shared;
  // CRIU's own set is not written down, and without cgroup management none is.
  if (id === shared.ownCgroupSet || sets === undefined) return { id, groups: null };
  const place = { member, label: shared.cgroupLabel };
  return memo(shared.cgroups, id, () => readCgroupSet(id, sets, place, problems));
}

/** What many threads have in common is read once, and told once where it is broken. */
function memo<Key, Value>(known: Map<Key, Value>, key: Key, read: () => Value): Value {
  const found = known.get(key) ?? read();
  known.set(key, found);
  return found;
}

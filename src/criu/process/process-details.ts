import type { CriuProcess } from "../processes.ts";
import type { Credentials } from "./credentials.ts";
import type { Variable } from "./environment.ts";
import type { FilePath } from "./file-paths.ts";
import type { Namespace, SharedObjects } from "./namespaces.ts";
import type { PendingSignal } from "./pending-signals.ts";
import type { Personality } from "./personality.ts";
import type { ResourceLimit } from "./resource-limits.ts";
import type { Seccomp } from "./seccomp.ts";
import type { SignalHandler } from "./signal-handlers.ts";
import type { Thread } from "./threads.ts";
import type { IntervalTimer, PosixTimer } from "./timers.ts";

/** Everything that the images say of one process. What they do not say is null. */
export interface ProcessDetails extends Personality {
  process: CriuProcess;
  /** `X86_64`, `AARCH64`, … */
  architecture: string | null;
  /** The signal that stopped it. */
  stopSignal: string | null;
  loginUid: number | null;
  oomScoreAdj: number | null;
  childSubreaper: boolean | null;
  /** `PR_GET_DUMPABLE`: 0 no, 1 yes, 2 by root alone. */
  dumpable: number | null;
  /** `PR_SET_THP_DISABLE`: no transparent huge pages for it. */
  hugePagesDisabled: boolean | null;
  /** In the order of memory. Null where its pages are not in the dump. */
  environment: Variable[] | null;
  executable: FilePath | null;
  workingFolder: FilePath | null;
  root: FilePath | null;
  umask: number | null;
  namespaces: Namespace[];
  sharedObjects: SharedObjects | null;
  limits: ResourceLimit[];
  /** Only those that are not the default. */
  signalHandlers: SignalHandler[];
  /** Signals for the process as a whole. */
  pendingSignals: PendingSignal[];
  intervalTimers: IntervalTimer[];
  posixTimers: PosixTimer[];
  /** The first is the process's own; empty for a zombie. */
  threads: Thread[];
}

/** What a process may do and where it lives: that of its first thread. */
export interface ProcessRights {
  /** Is there a core that says so? */
  known: boolean;
  credentials: Credentials | null;
  /** Null where CRIU wrote no mode: then there is no filter. */
  seccomp: Seccomp | null;
  namespaces: Namespace[];
  /** Bits of `xstate_bv`: parts of the processor's state that any thread has in use, on x86-64. */
  processorState: bigint;
}

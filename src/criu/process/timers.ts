import type { Messages } from "../schema/types.ts";
import { nameOf } from "./flags.ts";
import { signalName } from "./signals.ts";

/** An interval timer that runs. Times in seconds. */
export interface IntervalTimer {
  /** `real` (SIGALRM), `virtual` (SIGVTALRM), `profiling` (SIGPROF). */
  type: "real" | "virtual" | "profiling";
  remainingSeconds: number;
  /** 0 where it fires once. */
  intervalSeconds: number;
}

/** A timer of `timer_create`. Times in seconds; 0 remaining: it is not armed. */
export interface PosixTimer {
  id: number;
  /** `CLOCK_MONOTONIC`, …; another clock by its number. */
  clock: string;
  /** `SIGEV_SIGNAL`, `SIGEV_NONE`, `SIGEV_THREAD`, `SIGEV_THREAD_ID`. */
  notify: string;
  signal: string;
  /** The value that comes with the signal. */
  value: bigint;
  overrun: number;
  thread?: number;
  remainingSeconds: number;
  intervalSeconds: number;
}

const clocks: Record<number, string> = {
  0: "CLOCK_REALTIME",
  1: "CLOCK_MONOTONIC",
  2: "CLOCK_PROCESS_CPUTIME_ID",
  3: "CLOCK_THREAD_CPUTIME_ID",
  4: "CLOCK_MONOTONIC_RAW",
  5: "CLOCK_REALTIME_COARSE",
  6: "CLOCK_MONOTONIC_COARSE",
  7: "CLOCK_BOOTTIME",
  8: "CLOCK_REALTIME_ALARM",
  9: "CLOCK_BOOTTIME_ALARM",
  11: "CLOCK_TAI",
  // As the kernel keeps the first two above once a timer is made of them.
  [-6]: "CLOCK_PROCESS_CPUTIME_ID",
  [-2]: "CLOCK_THREAD_CPUTIME_ID",
};
const notifications: Record<number, string> = {
  0: "SIGEV_SIGNAL",
  1: "SIGEV_NONE",
  2: "SIGEV_THREAD",
  4: "SIGEV_THREAD_ID",
};

/** Interval timers that are armed. Entries stand in the order real, virtual, profiling. */
export function readIntervalTimers(
  entries: readonly (Messages["itimer_entry"] | undefined)[],
): IntervalTimer[] {
  const types = ["real", "virtual", "profiling"] as const;
  return types.flatMap((type, at) => {
    const entry = entries[at];
    if (entry === undefined) return [];
    const intervalSeconds = seconds(entry.isec, entry.iusec, 1e6);
    const remainingSeconds = seconds(entry.vsec, entry.vusec, 1e6);
    if (intervalSeconds === 0 && remainingSeconds === 0) return [];
    return { type, remainingSeconds, intervalSeconds };
  });
}

export function readPosixTimers(
  entries: readonly Messages["posix_timer_entry"][],
  architecture: string | undefined,
): PosixTimer[] {
  return entries.map((entry) => ({
    id: entry.it_id,
    // The clocks of other processes and threads are negative numbers.
    clock: nameOf(clocks, entry.clock_id | 0),
    notify: nameOf(notifications, entry.it_sigev_notify),
    signal: signalName(entry.si_signo, architecture),
    value: entry.sival_ptr,
    overrun: entry.overrun,
    ...(entry.notify_thread_id === undefined ? {} : { thread: entry.notify_thread_id }),
    remainingSeconds: seconds(entry.vsec, entry.vnsec, 1e9),
    intervalSeconds: seconds(entry.isec, entry.insec, 1e9),
  }));
}

function seconds(whole: bigint, part: bigint, parts: number): number {
  return Number(whole) + Number(part) / parts;
}
